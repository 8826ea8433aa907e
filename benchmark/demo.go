package benchmark

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const secondsToDecision = 20

// measureDemo builds the program and runs it as a person would, each time from nothing.
func measureDemo(ctx context.Context, r *run) ([]Row, error) {
	how := "median of 3 runs of `tradewind demo --no-serve -o json` in an empty folder, from the start of the process to its end"
	absent := Row{Name: "start to first decision", Unit: "s", Better: lower, Must: new(float64(secondsToDecision)), Source: how}
	program, reason, err := r.build(ctx)
	if err != nil {
		return nil, err
	}
	if reason != "" {
		absent.Reason = reason
		return []Row{absent}, nil
	}
	var costs []Cost
	var decisions int
	for range repeats {
		n, cost, err := r.demo(ctx, program)
		if err != nil {
			return nil, err
		}
		decisions, costs = n, append(costs, cost)
	}
	worst := 0.0
	for _, c := range costs {
		worst = max(worst, c.Peak)
	}
	return []Row{
		{Name: "start to first decision", Value: new(median(each(costs, Cost.wall))), Unit: "s", Better: lower,
			Must: new(float64(secondsToDecision)), Source: how},
		{Name: "CPU time", Value: new(median(each(costs, Cost.cpu))), Unit: "s", Better: lower, Source: how},
		{Name: "peak memory", Value: new(worst), Unit: "MiB", Better: lower, Must: new(float64(mostMemory)),
			Source: "resident memory of the process at its highest, the most of 3 runs"},
		{Name: "decisions", Value: new(float64(decisions)), Unit: "decisions", Better: higher, Must: new(1.0), Source: "those in the JSON that it prints"},
	}, nil
}

// build compiles the program. Without Go or its source there is a reason instead.
func (r *run) build(ctx context.Context) (program, reason string, err error) {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	root := filepath.Dir(strings.TrimSpace(string(mod)))
	source := filepath.Join(root, "cmd", "tradewind")
	if err != nil || !isFile(filepath.Join(source, "main.go")) {
		return "", "needs Go and the source: run it in the project's folder", nil
	}
	program = filepath.Join(r.temp, "tradewind")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", program, "./cmd/tradewind")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, "", nil
}

func (r *run) demo(ctx context.Context, program string) (decisions int, cost Cost, err error) {
	dir, err := r.folder("demo")
	if err != nil {
		return 0, cost, err
	}
	var out, complaint bytes.Buffer
	demo := exec.CommandContext(ctx, program, "demo", "--no-serve", "-o", "json", "--dir", filepath.Join(dir, "shop"))
	demo.Dir, demo.Stdout, demo.Stderr = dir, &out, &complaint
	demo.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	start := time.Now()
	err = demo.Run()
	cost.Wall = time.Since(start).Seconds()
	if err != nil {
		return 0, cost, fmt.Errorf("%w: %s", err, complaint.String())
	}
	if used, ok := demo.ProcessState.SysUsage().(*syscall.Rusage); ok {
		cost.CPU, cost.Peak = seconds(used.Utime)+seconds(used.Stime), mebibytes(*used)
	}
	var report struct{ Decisions []json.RawMessage }
	err = json.Unmarshal(out.Bytes(), &report)
	return len(report.Decisions), cost, err
}
