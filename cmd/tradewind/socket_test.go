package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFramesComeBackWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 300)).Draw(t, "payloads")
		var wire bytes.Buffer
		f := &framer{w: &wire}
		for _, p := range sent {
			if err := f.write(frameStdout, p); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range sent {
			kind, got, err := readFrame(&wire)
			if err != nil || kind != frameStdout || !bytes.Equal(got, want) {
				t.Fatalf("got %q %q %v, want %q", kind, got, err, want)
			}
		}
		if _, _, err := readFrame(&wire); err != io.EOF {
			t.Fatalf("at the end: %v", err)
		}
	})
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("o\x00\x00\x00\x02hi"))
	f.Add([]byte("o\xff\xff\xff\xff"))
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, payload, err := readFrame(bytes.NewReader(data))
		if err != nil {
			return
		}
		var back bytes.Buffer
		if err := (&framer{w: &back}).write(kind, payload); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(data, back.Bytes()) {
			t.Errorf("read %q, wrote %q", data, back.Bytes())
		}
	})
}

func TestSocketIsPrivate(t *testing.T) {
	dir := shortDir(t)
	l, remove, err := listenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	info, err := os.Stat(filepath.Join(dir, socketName))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode(); got&fs.ModeSocket == 0 || got.Perm() != 0o600 {
		t.Errorf("mode %v, want a socket with 0600", got)
	}
	remove()
	left, _ := os.ReadDir(dir)
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSocketOfALongPathStandsElsewhere(t *testing.T) {
	dir := filepath.Join(shortDir(t), strings.Repeat("long/", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l, remove, err := listenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := dialIn(dir)
	if err != nil || conn == nil {
		t.Fatalf("dial: %v, %v", conn, err)
	}
	conn.Close()
	named, err := os.ReadFile(filepath.Join(dir, pointerName))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(string(named))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v", named, info, err)
	}
	remove()
	if _, err := os.Stat(string(named)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there", named)
	}
}

func TestDeadSocketIsRemoved(t *testing.T) {
	dir := shortDir(t)
	l, _, err := listenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // as when the process dies: the name stays
	path := filepath.Join(dir, socketName)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the socket's name is gone: %v", err)
	}
	conn, err := dialIn(dir)
	if err != nil || conn != nil {
		t.Errorf("dial: %v, %v, want nothing", conn, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the dead socket is still there")
	}
}

func TestNoSocketIsNoProcess(t *testing.T) {
	if conn, err := dialIn(shortDir(t)); conn != nil || err != nil {
		t.Errorf("got %v, %v", conn, err)
	}
}

// A forwarded command prints where it was typed, and its exit code comes back.
func TestForwardedCommandAnswersWhereItWasTyped(t *testing.T) {
	dir := shortDir(t)
	serveCommands(t, dir)
	var out, errs bytes.Buffer
	v := newInvocation([]string{"decisions", "approve", "--lang", "zh-Hans"}, strings.NewReader(""), &out, &errs)
	v.lang = "zh-Hans"
	there, err := v.forward(t.Context(), dir)
	if !there {
		t.Fatal("nobody answered")
	}
	if got := v.report(t.Context(), err); got != 2 {
		t.Errorf("exit code %d, want 2", got)
	}
	if !strings.Contains(errs.String(), "未指定任何决策") {
		t.Errorf("standard error %q", errs.String())
	}
}

// The input of the terminal is sent only once the command reads it.
func TestForwardedCommandReadsItsInput(t *testing.T) {
	dir := shortDir(t)
	serveCommands(t, dir)
	var out, errs bytes.Buffer
	v := newInvocation([]string{"decisions", "approve", "--stdin", "--yes"}, strings.NewReader("{broken\n"), &out, &errs)
	v.lang = "en"
	_, err := v.forward(t.Context(), dir)
	if got := v.report(t.Context(), err); got != 1 {
		t.Errorf("exit code %d, want 1", got)
	}
	if want := "This line names no decision: {broken"; !strings.Contains(errs.String(), want) {
		t.Errorf("standard error %q, want %q", errs.String(), want)
	}
}

// Ctrl+C ends the command that waits for input and leaves the serving process alone.
func TestForwardedCommandIsInterrupted(t *testing.T) {
	dir := shortDir(t)
	serveCommands(t, dir)
	silent, typed := io.Pipe()
	defer typed.Close()
	var out, errs bytes.Buffer
	v := newInvocation([]string{"decisions", "approve", "--stdin", "--yes"}, silent, &out, &errs)
	v.lang = "en"
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := v.forward(ctx, dir); v.report(ctx, err) == 0 {
		t.Errorf("an interrupted command ended well: %s", out.String())
	}
	conn, err := dialIn(dir)
	if err != nil || conn == nil {
		t.Fatalf("the serving process is gone: %v", err)
	}
	conn.Close()
}

// serveCommands answers forwarded commands that need no engine.
func serveCommands(t *testing.T, dir string) {
	t.Helper()
	l, remove, err := listenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		(&host{}).answer(ctx, l)
	}()
	t.Cleanup(func() {
		remove()
		cancel()
		l.Close()
		<-ended
	})
}

// shortDir is a temporary directory whose path fits into a socket's name.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestConsoleListensOnThisMachineOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "example.com:80", "nonsense"} {
		if l, err := listen(addr); err == nil {
			l.Close()
			t.Errorf("listens on %s", addr)
		}
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if l, err := listen(taken.Addr().String()); err == nil {
		l.Close()
		t.Error("an address that is taken was given out twice")
	}
	near, err := listenNear(taken.Addr().(*net.TCPAddr).Port)
	if err != nil {
		t.Fatal(err)
	}
	near.Close()
}
