package benchmark

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

//go:embed peers/*.py peers/*.R
var peerScripts embed.FS

// peerAnswer is what a script in peers/ prints: CPU and wall seconds of the work, without
// the start of Python, and how well it did.
type peerAnswer struct {
	Cost
	Version string  `json:"version"`
	Series  int     `json:"series"`
	RMSSE   float64 `json:"rmsse"`
	Naive   float64 `json:"naive"`
	RMSE    float64 `json:"rmse"`
	Predict float64 `json:"predict"` // CPU seconds to predict what was held out
}

// python runs a script of peers/ on one thread. Where Python or a package is missing it
// says so; that is no failure of the run.
func (r *run) python(ctx context.Context, script string, args ...string) (a peerAnswer, absent string) {
	python, err := exec.LookPath("python3")
	if err != nil {
		return a, "python3 is not installed"
	}
	text, err := peerScripts.ReadFile("peers/" + script)
	if err != nil {
		return a, err.Error()
	}
	var complaint bytes.Buffer
	peer := exec.CommandContext(ctx, python, append([]string{"-"}, args...)...)
	peer.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	peer.Stdin, peer.Stderr = bytes.NewReader(text), &complaint
	out, err := peer.Output()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(complaint.String()), "\n")
		return a, fmt.Sprintf("%s: %s", script, lines[len(lines)-1])
	}
	if err := json.Unmarshal(out, &a); err != nil {
		return a, script + ": " + err.Error()
	}
	return a, ""
}

// rscript runs a script of peers/ in R and returns what it prints, or says what is absent.
func (r *run) rscript(ctx context.Context, script string) (out, absent string) {
	program, err := exec.LookPath("Rscript")
	if err != nil {
		return "", "R is not installed"
	}
	text, err := peerScripts.ReadFile("peers/" + script)
	if err != nil {
		return "", err.Error()
	}
	var complaint bytes.Buffer
	peer := exec.CommandContext(ctx, program, "-")
	peer.Stdin, peer.Stderr = bytes.NewReader(text), &complaint
	printed, err := peer.Output()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(complaint.String()), "\n")
		return "", fmt.Sprintf("%s: %s", script, lines[len(lines)-1])
	}
	return string(printed), ""
}
