package tradewind

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/fault"
)

// What the machine does to a workspace: a second process, a full disk, a stream for a file.

func TestAStreamIsNoFile(t *testing.T) {
	e := empty(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := e.Import(t.Context(), []string{pipe}, ImportOptions{}) // nobody writes to it: it would wait for ever
	refused(t, err, fault.Invalid, "E-FILE-NONE")
}

func TestSecondWriter(t *testing.T) {
	e := sample(t)
	want := contentsOf(t, e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), holdVariable+"="+e.Dir())
	in, errIn := other.StdinPipe()
	out, errOut := other.StdoutPipe()
	if err := errors.Join(errIn, errOut, other.Start()); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "open\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	_, err = Open(t.Context(), e.Dir())
	refused(t, err, fault.Blocked, "E-STORE-LOCKED")
	if text := fmt.Sprint(err); !strings.Contains(text, fmt.Sprint(other.Process.Pid)) {
		t.Errorf("%s does not name process %d", text, other.Process.Pid)
	}
	if err := errors.Join(in.Close(), other.Wait()); err != nil {
		t.Fatal(err)
	}
	again := open(t, e.Dir())
	if diff := cmp.Diff(want, contentsOf(t, again), words); diff != "" {
		t.Errorf("the workspace changed (-before +after):\n%s", diff)
	}
	mustImport(t, again, ImportOptions{}, write(t, "orders.csv", orderHeader+order))
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("a small disk cannot be mounted: %v (only root may)", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	from, err := makeSample()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "workspace")
	if err := os.CopyFS(home, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { e.Close() }()
	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast, 1<<20)

	// A hundred thousand real lines, as of other invoices.
	_, rows := rowsIn(t, sampleOrders[0])
	var big strings.Builder
	big.WriteString(retailHeader)
	for i := range 100_000 {
		row := rows[i%len(rows)]
		fmt.Fprintf(&big, "%d%s", 600_000+i, row[strings.IndexByte(row, ','):])
	}
	file := write(t, "big.csv", big.String())
	unchanged(t, e, func() {
		_, err := e.Import(t.Context(), []string{file}, ImportOptions{MaxBad: 1})
		refused(t, err, fault.Internal, "E-DISK-FULL")
	})
	// Opened again on the disk that is still full, it is whole.
	want := contentsOf(t, e)
	if err := e.Close(); err != nil {
		t.Logf("closing on a full disk: %v", err)
	}
	if e, err = Open(t.Context(), home); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, contentsOf(t, e), words); diff != "" {
		t.Errorf("the workspace changed (-before +after):\n%s", diff)
	}
	// With room again, the same file goes in.
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	f := mustImport(t, e, ImportOptions{MaxBad: 1}, file).Files[0]
	addsUp(t, &f)
	if f.Rows.Loaded < 80_000 {
		t.Errorf("%d rows were loaded", f.Rows.Loaded)
	}
}

// fill writes a file that leaves so many bytes of its disk free.
func fill(t *testing.T, path string, free int64) {
	t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &disk); err != nil {
		t.Fatal(err)
	}
	size := int64(disk.Bavail)*disk.Bsize - free
	if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
		t.Fatal(err)
	}
}
