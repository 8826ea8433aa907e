package store_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tradewind/store"
)

// The test program runs itself as a child, which works on the workspace named here.
const (
	childURL  = "TRADEWIND_TEST_CHILD_URL"
	childWork = "TRADEWIND_TEST_CHILD_WORK"
)

const linesOfFile = 3000

// runChild is the child: "load" brings in file after file and says so after each commit;
// "hold" opens the workspace and waits.
func runChild() int {
	db, err := store.Open(background, os.Getenv(childURL))
	if err != nil {
		fmt.Println("failed", err)
		return 1
	}
	imports, err := db.Imports(background)
	if err != nil {
		fmt.Println("failed", err)
		return 1
	}
	fmt.Println("open")
	if os.Getenv(childWork) == "hold" {
		io.Copy(io.Discard, os.Stdin)
		return 0
	}
	for file := uint64(len(imports)); ; file++ {
		l, err := db.BeginLoad(background, "GBP")
		for _, f := range randomLines(file, file*linesOfFile, linesOfFile) {
			if err == nil {
				err = l.Add(f)
			}
		}
		if err == nil {
			_, err = l.Merge(background)
		}
		if err == nil {
			_, err = l.Commit(background, store.ImportRecord{File: fmt.Sprint(file)})
		}
		if err != nil {
			fmt.Println("failed", err)
			return 1
		}
		fmt.Println("committed")
	}
}

// child starts the test program as a child on a workspace.
func child(t testing.TB, url, work string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childURL+"="+url, childWork+"="+work)
	if _, err := c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the child said %q", lines.Text())
	}
	return c, lines
}

// A process that is killed at any moment leaves whole files: everything that it said was
// committed, at most one file more, and nothing of the one that it was at.
func TestKilledLoadLeavesWholeFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, url string) {
		db.Close()
		r := rand.New(rand.NewPCG(20, 1))
		committed := 0
		for range 20 {
			c, lines := child(t, url, "load")
			time.AfterFunc(time.Duration(r.IntN(150))*time.Millisecond, func() { c.Process.Kill() })
			for lines.Scan() {
				if lines.Text() != "committed" {
					t.Fatalf("the child said %q", lines.Text())
				}
				committed++
			}
			c.Wait() // killed: that is the test

			db := open(t, url)
			begin(t, db).Rollback() // a server may still be at the dead process's last commit
			imports, err := db.Imports(background)
			if err != nil {
				t.Fatal(err)
			}
			switch len(imports) - committed {
			case 0:
			case 1: // committed, and killed before it could say so
				committed++
			default:
				t.Fatalf("%d files committed, %d imports found", committed, len(imports))
			}
			if got, want := rowsOf(t, db)["order_line"], int64(committed*linesOfFile); got != want {
				t.Fatalf("%d lines in %d whole files, want %d", got, committed, want)
			}
			db.Close()
		}
		if committed == 0 {
			t.Error("no child was given the time to commit a file")
		}
		t.Logf("20 kills, %d files committed", committed)
	})
}

func TestSecondProcessIsToldWhoHoldsTheFile(t *testing.T) {
	url := duckURL(t)
	c, _ := child(t, url, "hold")
	defer func() { c.Process.Kill(); c.Wait() }()
	_, err := store.Open(t.Context(), url)
	wantFault(t, err, "E-STORE-LOCKED", 6)
	if want := fmt.Sprint("pid=", c.Process.Pid); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want it to name %s", err, want)
	}
}
