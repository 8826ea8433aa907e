package connect

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// steps are all of them, in order.
var steps = []step{stepOpen, stepFolder, stepCreate, stepWrite, stepSync, stepClose, stepLink, stepKept}

// After a failure at any step the outbox holds the whole file or no file, never a part
// and no remainder; and the next attempt succeeds.
func TestFailureAtEachStepLeavesNothingHalfDone(t *testing.T) {
	doc, err := documentOf(approved(reorder()))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range steps {
		for _, tt := range []struct {
			cause error
			code  string
		}{
			{syscall.ENOSPC, "E-OUTBOX-FULL"},
			{syscall.EACCES, "E-OUTBOX-READONLY"},
			{syscall.EROFS, "E-OUTBOX-READONLY"},
			{syscall.EIO, "E-OUTBOX-WRITE"},
		} {
			dir, fired := t.TempDir(), false
			_, err := keep(dir, doc, func(s step) error {
				if s != at {
					return nil
				}
				fired = true
				return &fs.PathError{Op: string(s), Path: "x", Err: tt.cause}
			})
			if !fired {
				t.Fatalf("step %q was never taken", at)
			}
			if f := fault.Of(err); f == nil || f.Code != tt.code || !errors.Is(err, tt.cause) {
				t.Errorf("%s, %v: got %v, want %s", at, tt.cause, err, tt.code)
			}
			for _, lang := range messages.Languages {
				for _, m := range []messages.Message{messages.Of(err), messages.Of(err).Remedy()} {
					if text := m.In(lang); strings.Contains(text, "[") {
						t.Errorf("text with a gap: %s", text)
					}
				}
			}
			for _, file := range everything(t, dir) {
				if at != stepKept || file != doc.path() || content(t, dir, file) != string(doc.content) {
					t.Errorf("%s, %v: left %s", at, tt.cause, file)
				}
			}
			already, err := Write(t.Context(), dir, approved(reorder()))
			if err != nil || already.Already != (at == stepKept) {
				t.Errorf("%s, %v: the next attempt gave %+v, %v", at, tt.cause, already, err)
			}
		}
	}
}

func TestAnotherFileIsNeverOverwritten(t *testing.T) {
	d := approved(reorder())
	doc, err := documentOf(d)
	if err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]string{
		"other bytes":          strings.ToUpper(string(doc.content)),
		"shorter":              string(doc.content[:len(doc.content)-1]),
		"empty":                "",
		"longer by one":        string(doc.content) + "\n",
		"of an older decision": "purchase_order\n",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, filepath.FromSlash(doc.path()))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(there), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Write(t.Context(), dir, d)
		if f := fault.Of(err); f == nil || f.Code != "E-OUTBOX-CONFLICT" || f.Kind != fault.Blocked {
			t.Errorf("%s: got %v, want E-OUTBOX-CONFLICT", name, err)
		}
		if got := content(t, dir, doc.path()); got != there {
			t.Errorf("%s: the file was changed to %q", name, got)
		}
	}
}

// The other file appears after the look and before the name is given.
func TestAnotherFileThatComesInBetweenIsNeverOverwritten(t *testing.T) {
	doc, err := documentOf(approved(reorder()))
	if err != nil {
		t.Fatal(err)
	}
	for there, wantAlready := range map[string]bool{"something else": false, string(doc.content): true} {
		dir := t.TempDir()
		already, err := keep(dir, doc, func(s step) error {
			if s == stepLink {
				return os.WriteFile(filepath.Join(dir, filepath.FromSlash(doc.path())), []byte(there), 0o644)
			}
			return nil
		})
		if already != wantAlready || fault.Is(err, fault.Blocked) == wantAlready {
			t.Errorf("%q there: got %v, %v", there, already, err)
		}
		if got := content(t, dir, doc.path()); got != there {
			t.Errorf("%q was changed to %q", there, got)
		}
	}
}

func TestOutboxDoesNotLeaveTheWorkspace(t *testing.T) {
	outside := t.TempDir()
	for _, link := range []string{"outbox", "outbox/purchase-orders"} {
		dir := t.TempDir()
		path := filepath.Join(dir, filepath.FromSlash(link))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, path); err != nil {
			t.Fatal(err)
		}
		if _, err := Write(t.Context(), dir, approved(reorder())); err == nil {
			t.Errorf("%s leads outside and was followed", link)
		}
		if got := everything(t, outside); got != nil {
			t.Errorf("%s: wrote %q outside", link, got)
		}
	}
}

func TestOutboxThatIsAFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "outbox"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Write(t.Context(), dir, approved(reorder()))
	if f := fault.Of(err); f == nil || f.Code != "E-OUTBOX-WRITE" {
		t.Errorf("got %v, want E-OUTBOX-WRITE", err)
	}
}

func TestMissingWorkspace(t *testing.T) {
	_, err := Write(t.Context(), filepath.Join(t.TempDir(), "gone"), approved(reorder()))
	if f := fault.Of(err); f == nil || f.Code != "E-OUTBOX-WRITE" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want E-OUTBOX-WRITE", err)
	}
}

// childDir names the workspace that a copy of this test writes to; see the two tests below.
const childDir = "TRADEWIND_TEST_OUTBOX"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child writes the same fifty decisions as every other child.
func child(dir string) int {
	if os.Getenv(childDir+"_LIMIT") != "" {
		limitFileSize(100) // bytes: less than a purchase order has
	}
	for i := range 50 {
		a := reorder()
		a.SKU = commerce.SKU(strconv.Itoa(i))
		if _, err := Write(context.Background(), dir, approved(a)); err != nil {
			os.Stderr.WriteString(err.Error())
			return fault.ExitCode(err)
		}
	}
	return 0
}

func TestProcessesAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childDir+"="+dir)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	files := everything(t, dir)
	if got, want := len(files), 50; got != want {
		t.Errorf("%d files, want %d: %q", got, want, files)
	}
	for _, file := range files {
		if got := strings.Count(content(t, dir, file), "\n"); got != 2 {
			t.Errorf("%s has %d lines, want 2", file, got)
		}
	}
}

// A limit on the size of files breaks off a write in the middle, as a full disk does.
func TestWriteThatBreaksOffLeavesNothing(t *testing.T) {
	if !canLimitFileSize {
		t.Skip("this system has no limit on the size of files to test with")
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childDir+"_LIMIT=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "E-OUTBOX-FULL") {
		t.Errorf("got %v: %s, want E-OUTBOX-FULL", err, out)
	}
	if got := everything(t, dir); got != nil {
		t.Errorf("left %q", got)
	}
}
