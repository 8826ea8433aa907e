package main

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
)

// withEngine gives work the engine of the workspace. Where another process serves the
// workspace, the whole command goes there instead, and work runs in that process.
func (v *invocation) withEngine(ctx context.Context, work func(e *tradewind.Engine) error) error {
	return v.withEngineOf(ctx, tradewind.Open, work)
}

// withEngineOf is withEngine with another way to open the workspace.
func (v *invocation) withEngineOf(ctx context.Context, open opener, work func(e *tradewind.Engine) error) error {
	if v.host != nil {
		return work(v.host.engine)
	}
	if there, err := v.forward(ctx, v.dir()); there {
		return err
	}
	e, err := open(ctx, v.dir())
	if err != nil {
		return err
	}
	err = work(e)
	if closed := e.Close(); err == nil {
		err = closed
	}
	return err
}

// opener opens the workspace in a folder.
type opener func(ctx context.Context, dir string) (*tradewind.Engine, error)

// openOrMake opens the workspace in a folder and makes one where there is none: the zero
// settings work, so a first import needs nothing before it.
func (v *invocation) openOrMake(ctx context.Context, dir string) (*tradewind.Engine, error) {
	e, err := tradewind.Open(ctx, dir)
	if f := fault.Of(err); f == nil || f.Code != "E-NO-WORKSPACE" {
		return e, err
	}
	if err := tradewind.Init(dir, tradewind.Config{}); err != nil {
		return nil, err
	}
	v.say(messages.M("cli.init.done", messages.A("dir", dir)))
	return tradewind.Open(ctx, dir)
}

// forward sends the command to the process that serves the workspace, if one does, and
// passes on what it prints and its exit code.
func (v *invocation) forward(ctx context.Context, dir string) (there bool, err error) {
	conn, err := dialIn(dir)
	if err != nil {
		return true, err
	}
	if conn == nil {
		return false, nil
	}
	defer conn.Close()
	f := &framer{w: conn}
	if err := f.writeJSON(frameRequest, request{v.args, v.cwd, v.lang, v.term, v.token}); err != nil {
		return true, fault.From(err, fault.Internal, "E-SERVER-GONE", fault.A("dir", dir))
	}
	defer context.AfterFunc(ctx, func() { _ = f.write(frameCancel, nil) })()
	return true, v.relay(conn, f, dir)
}

// relay copies output as it comes, sends input once it is asked for, and ends with the
// exit code of the other process.
func (v *invocation) relay(conn net.Conn, f *framer, dir string) error {
	for {
		kind, payload, err := readFrame(conn)
		if err != nil {
			return fault.From(err, fault.Internal, "E-SERVER-GONE", fault.A("dir", dir))
		}
		switch kind {
		case frameStdout:
			_, err = v.out.Write(payload)
		case frameStderr:
			_, err = v.err.Write(payload)
		case frameWantStdin:
			go v.sendInput(f)
		case frameExit:
			code, err := strconv.Atoi(string(payload))
			if err != nil {
				return fmt.Errorf("exit code %q: %w", payload, err)
			}
			return exited(code)
		}
		if err != nil {
			return fault.Wrap(err, "write output")
		}
	}
}

func (v *invocation) sendInput(f *framer) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := v.in.Read(buffer)
		if n > 0 && f.write(frameStdin, buffer[:n]) != nil {
			return
		}
		if err != nil {
			_ = f.write(frameStdin, nil) // an empty frame ends the input
			return
		}
	}
}
