package benchmark

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Cost is what a piece of work took.
type Cost struct {
	Wall float64 `json:"wall"` // seconds
	CPU  float64 `json:"cpu"`  // seconds, user and system, of all threads
	Peak float64 `json:"peak"` // MiB resident at the most, of the whole process
}

// caseArg as the first argument makes this program carry out one case: the question
// comes in on standard input, the answer goes out on standard output.
const caseArg = "case"

// cases are what a child process can be asked to do.
var cases = map[string]func(context.Context, []byte) (any, Cost, error){}

// work is a case with the types of its question and its answer.
type work[Question, Answer any] struct{ name string }

// newWork registers a case. What do does between Begin and End of its meter is measured.
func newWork[Question, Answer any](name string, do func(context.Context, *meter, Question) (Answer, error)) work[Question, Answer] {
	cases[name] = func(ctx context.Context, question []byte) (any, Cost, error) {
		var q Question
		if err := json.Unmarshal(question, &q); err != nil {
			return nil, Cost{}, err
		}
		m := new(meter)
		answer, err := do(ctx, m, q)
		m.cost.Peak = peak()
		return answer, m.cost, err
	}
	return work[Question, Answer]{name}
}

// reply is what a child writes.
type reply struct {
	Answer json.RawMessage
	Cost   Cost
	Error  string
}

// run carries the work out in a child process, alone.
func (w work[Question, Answer]) run(ctx context.Context, q Question) (Answer, Cost, error) {
	var answer Answer
	program, err := os.Executable()
	if err != nil {
		return answer, Cost{}, err
	}
	question, err := json.Marshal(q)
	if err != nil {
		return answer, Cost{}, err
	}
	child := exec.CommandContext(ctx, program, caseArg, w.name)
	child.Stdin, child.Stderr = bytes.NewReader(question), os.Stderr
	out, err := child.Output()
	var r reply
	if unread := json.Unmarshal(out, &r); unread != nil {
		return answer, Cost{}, fmt.Errorf("%s: %w", w.name, errors.Join(err, unread))
	}
	if r.Error != "" {
		return answer, Cost{}, fmt.Errorf("%s: %s", w.name, r.Error)
	}
	return answer, r.Cost, json.Unmarshal(r.Answer, &answer)
}

// carryOut is the child's side.
func carryOut(ctx context.Context, name string, in io.Reader, out io.Writer) error {
	do := cases[name]
	if do == nil {
		return fmt.Errorf("there is no case %q", name)
	}
	question, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var r reply
	answer, cost, err := do(ctx, question)
	if err != nil {
		r.Error = err.Error()
	} else if r.Answer, err = json.Marshal(answer); err != nil {
		r.Error = err.Error()
	}
	r.Cost = cost
	return json.NewEncoder(out).Encode(r)
}

// meter sums what passes between Begin and End.
type meter struct {
	cost  Cost
	start time.Time
	used  float64
}

func (m *meter) Begin() { m.start, m.used = time.Now(), cpuSeconds() }

func (m *meter) End() {
	m.cost.Wall += time.Since(m.start).Seconds()
	m.cost.CPU += cpuSeconds() - m.used
}

// cpuSeconds is what this process has used so far.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return seconds(u.Utime) + seconds(u.Stime)
}

func seconds(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }

// peak is the most memory that this process has had, in MiB. Linux counts what its
// parent had into ru_maxrss, so the figure comes from /proc where that is.
func peak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return mebibytes(u)
}

// mebibytes reads ru_maxrss, which counts KiB, and bytes on macOS.
func mebibytes(u syscall.Rusage) float64 {
	if runtime.GOOS == "darwin" {
		return float64(u.Maxrss) / (1 << 20)
	}
	return float64(u.Maxrss) / (1 << 10)
}
