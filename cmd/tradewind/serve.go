package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"strconv"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/console"
	"tradewind/fault"
	"tradewind/messages"
)

// standardAddr is where the console listens unless --addr says otherwise. Where it is
// taken, the next free port serves.
const (
	standardHost = "127.0.0.1"
	standardPort = 8787
	portsToTry   = 100
)

func (v *invocation) serveCommand() *cobra.Command {
	var addr string
	c := v.command("serve", "cli.serve", exactly(0, ""), func(ctx context.Context, _ []string) error {
		if v.host != nil {
			v.printLink(v.host.console)
			return nil
		}
		if there, err := v.forward(ctx, v.dir()); there {
			return err
		}
		e, err := v.openOrMake(ctx, v.dir())
		if err != nil {
			return err
		}
		defer e.Close()
		return v.serve(ctx, e, addr, nil)
	})
	c.Flags().StringVar(&addr, "addr", "", v.text("cli.flag.addr"))
	return c
}

// serve answers browsers and other terminals until Ctrl+C, which is its normal end.
func (v *invocation) serve(ctx context.Context, e *tradewind.Engine, addr string, report *tradewind.DemoReport) error {
	ctx = tradewind.WithToken(ctx, "") // who serves lends nobody their name
	web, err := listen(addr)
	if err != nil {
		return err
	}
	defer web.Close()
	c, err := console.New(console.Options{
		Engine: e, Actor: actor(), Addr: web.Addr().String(), Language: v.lang,
		Demo: report != nil,
	})
	if err != nil {
		return err
	}
	terminals, remove, err := listenIn(e.Dir())
	if err != nil {
		return err
	}
	h := &host{engine: e, console: c, report: report}
	var background sync.WaitGroup
	background.Go(func() { h.answer(ctx, terminals) })
	background.Go(func() { e.Warm(ctx) })

	v.printLink(c)
	v.say(messages.M("cli.serve.stop", messages.A("dir", e.Dir())))
	err = c.Serve(ctx, web)

	remove() // before the engine closes: nobody may find a socket that no longer answers
	terminals.Close()
	background.Wait()
	if ctx.Err() != nil {
		v.say(messages.M("cli.serve.stopped"))
		return nil
	}
	return err
}

// printLink writes a fresh one-time link, also under --quiet: without it nobody gets in.
func (v *invocation) printLink(c *console.Console) {
	fmt.Fprintln(v.err, v.text("cli.serve.link", messages.A("link", c.NewLink())))
}

// listen opens the console's port. Only this machine may reach it: whoever opens the
// console can approve decisions.
func listen(addr string) (net.Listener, error) {
	if addr == "" {
		return listenNear(standardPort)
	}
	name, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fault.From(err, fault.Usage, "E-ADDR", fault.A("value", addr))
	}
	if ip := net.ParseIP(name); name != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fault.New(fault.Usage, "E-ADDR", fault.A("value", addr))
	}
	l, err := net.Listen("tcp", net.JoinHostPort(name, port))
	if err != nil {
		return nil, fault.From(err, fault.Invalid, "E-PORT", fault.A("value", addr), fault.A("reason", rootCause(err)))
	}
	return l, nil
}

func listenNear(port int) (net.Listener, error) {
	for next := port; ; next++ {
		addr := net.JoinHostPort(standardHost, strconv.Itoa(next))
		l, err := net.Listen("tcp", addr)
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) || next-port >= portsToTry {
			return nil, fault.From(err, fault.Invalid, "E-PORT", fault.A("value", addr), fault.A("reason", rootCause(err)))
		}
	}
}

// actor names who acts in this process, for the record of decisions.
func actor() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "local:" + u.Username
	}
	return "local:" + strconv.Itoa(os.Getuid())
}
