package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"tradewind"
	"tradewind/console"
)

// host is the process that serves a workspace: it holds the engine, and carries out
// the commands that other terminals forward to it.
type host struct {
	engine  *tradewind.Engine
	console *console.Console
	report  *tradewind.DemoReport // of the demo; nil otherwise
}

// answer carries out forwarded commands until the listener closes, and returns when
// the last of them has ended.
func (h *host) answer(ctx context.Context, l net.Listener) {
	var running sync.WaitGroup
	defer running.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		running.Go(func() {
			defer conn.Close()
			h.carryOut(ctx, conn)
		})
	}
}

// carryOut runs one forwarded command. A broken connection or a cancel frame interrupts
// it, as Ctrl+C would.
func (h *host) carryOut(ctx context.Context, conn net.Conn) {
	conn.SetReadDeadline(time.Now().Add(10 * time.Second)) // a silent caller holds nothing up
	kind, payload, err := readFrame(conn)
	var r request
	if err != nil || kind != frameRequest || json.Unmarshal(payload, &r) != nil {
		return
	}
	conn.SetReadDeadline(time.Time{})

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &framer{w: conn}
	input := newInput(func() { _ = f.write(frameWantStdin, nil) })
	go func() {
		defer cancel()
		defer input.end()
		for {
			kind, payload, err := readFrame(conn)
			switch {
			case err != nil || kind == frameCancel:
				return
			case kind == frameStdin && len(payload) == 0:
				input.end()
			case kind == frameStdin:
				input.add(payload)
			}
		}
	}()
	v := &invocation{
		args: r.Args, in: bufio.NewReader(input), out: f.stream(frameStdout), err: f.stream(frameStderr),
		cwd: r.Dir, term: r.Terminal, lang: r.Language, token: r.Token, host: h,
	}
	code := v.run(ctx)
	_ = f.write(frameExit, []byte(strconv.Itoa(code)))
}

// input is the standard input of a forwarded command. It asks for its bytes when the
// command first reads, so that a command that reads nothing takes nothing from the
// terminal, and it never holds up the frames behind them.
type input struct {
	ask   func()
	mu    sync.Mutex
	more  *sync.Cond
	bytes bytes.Buffer
	ended bool
}

func newInput(ask func()) *input {
	in := &input{ask: sync.OnceFunc(ask)}
	in.more = sync.NewCond(&in.mu)
	return in
}

func (in *input) Read(p []byte) (int, error) {
	in.ask()
	in.mu.Lock()
	defer in.mu.Unlock()
	for in.bytes.Len() == 0 && !in.ended {
		in.more.Wait()
	}
	if in.bytes.Len() == 0 {
		return 0, io.EOF
	}
	return in.bytes.Read(p)
}

func (in *input) add(p []byte) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.bytes.Write(p)
	in.more.Broadcast()
}

func (in *input) end() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.ended = true
	in.more.Broadcast()
}
