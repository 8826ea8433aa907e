package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/vbauerster/mpb/v8/cwriter"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
)

// exitInterrupted is the exit code of a command that Ctrl+C ended.
const exitInterrupted = 130

// run carries out one command line and returns its exit code.
func run(args []string, in io.Reader, out, err io.Writer) int {
	tradewind.SpareMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl+C ends the process at once
	return newInvocation(args, in, out, err).run(ctx)
}

// invocation is one command line on its way: run by the process that a person started
// or, forwarded, by the process that serves the workspace.
type invocation struct {
	args     []string
	in       *bufio.Reader
	out, err io.Writer
	cwd      string // relative paths start here
	term     terminal
	lang     messages.Language // "" until known
	token    string            // signs a user in, where the workspace has some; "" is nobody
	flags    flags
	host     *host // not nil in the process that serves the workspace
}

// terminal is what the streams of an invocation are connected to.
type terminal struct {
	In, Out, Err bool // a person sits there
	Width        int  // of standard output, in cells; 0 is unknown
	Color        bool // allowed where a person sits
}

func newInvocation(args []string, in io.Reader, out, err io.Writer) *invocation {
	cwd, _ := os.Getwd() // "" keeps paths as they are given
	return &invocation{
		args: args, in: bufio.NewReader(in), out: out, err: err, cwd: cwd,
		term: terminalOf(in, out, err), token: os.Getenv("TRADEWIND_TOKEN"),
	}
}

func terminalOf(in, out, err any) terminal {
	t := terminal{In: isTerminal(in), Out: isTerminal(out), Err: isTerminal(err)}
	if t.Out {
		t.Width, _, _ = cwriter.GetSize(int(out.(*os.File).Fd()))
	}
	t.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return t
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && cwriter.IsTerminal(int(f.Fd()))
}

// run parses the command line, carries it out, and reports a failure in the reader's
// language.
func (v *invocation) run(ctx context.Context) (code int) {
	defer func() {
		if p := recover(); p != nil {
			code = v.report(ctx, &defect{p, debug.Stack()})
		}
	}()
	if v.lang == "" {
		lang, err := v.chooseLanguage()
		v.lang = lang
		if err != nil {
			return v.report(ctx, err)
		}
	}
	ctx = tradewind.WithToken(ctx, v.token) // "" too: a forwarded command is not the server's
	root := v.root()
	root.SetArgs(v.args)
	return v.report(ctx, root.ExecuteContext(ctx))
}

// exited is the exit code of a command that another process carried out and reported.
type exited int

func (e exited) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// report says on standard error what failed and how to mend it, and returns the exit
// code.
func (v *invocation) report(ctx context.Context, err error) int {
	var code exited
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case ctx.Err() != nil && (errors.Is(err, context.Canceled) || fault.Of(err) == nil):
		v.say(messages.M("cli.interrupted"))
		return exitInterrupted
	}
	m := messages.Of(err)
	if fault.Of(err) == nil {
		m = messages.M("E-INTERNAL", messages.A("error", rootCause(err)))
	}
	fmt.Fprintln(v.err, v.red(v.text("cli.error"))+" "+printable(m.In(v.lang)))
	if fix := m.Remedy(); messages.Has(fix.Code) {
		fmt.Fprintln(v.err, printable(fix.In(v.lang)))
	}
	if v.flags.verbose {
		fmt.Fprintf(v.err, "%+v\n", err)
	}
	return fault.ExitCode(err)
}

// defect is a panic that was caught at the door; %+v adds where it happened.
type defect struct {
	value any
	stack []byte
}

func (d *defect) Error() string { return fmt.Sprintf("panic: %v", d.value) }

func (d *defect) Format(s fmt.State, _ rune) {
	io.WriteString(s, d.Error())
	if s.Flag('+') {
		s.Write(append([]byte{'\n'}, d.stack...))
	}
}

// rootCause is the innermost error: what broke, without the calls on the way.
func rootCause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// say writes one line to standard error, for people, unless they asked for quiet.
func (v *invocation) say(m messages.Message) {
	if !v.flags.quiet {
		fmt.Fprintln(v.err, m.In(v.lang))
	}
}

// text renders a code in the invocation's language.
func (v *invocation) text(code string, args ...messages.Arg) string {
	return messages.Text(v.lang, code, args...)
}

// path resolves a file name against the directory that the command was typed in.
func (v *invocation) path(name string) string {
	if filepath.IsAbs(name) || v.cwd == "" {
		return name
	}
	return filepath.Join(v.cwd, name)
}

// chooseLanguage takes the first of: --lang, TRADEWIND_LANG, the workspace's settings,
// LC_ALL, LC_MESSAGES, LANG, English. Only the first two are somebody's word for this
// program, so only they can be wrong.
func (v *invocation) chooseLanguage() (messages.Language, error) {
	for _, tag := range []string{scanFlag(v.args, "lang"), os.Getenv("TRADEWIND_LANG")} {
		if tag != "" {
			lang, err := messages.ParseLanguage(tag)
			if err != nil {
				return fallbackLanguage(), err
			}
			return lang, nil
		}
	}
	dir := scanFlag(v.args, "dir")
	if dir == "" {
		dir = os.Getenv("TRADEWIND_DIR")
	}
	if c, err := tradewind.ReadConfig(v.path(dir)); err == nil && c.Language != "" {
		if lang, err := messages.ParseLanguage(c.Language); err == nil {
			return lang, nil
		}
	}
	return fallbackLanguage(), nil
}

func fallbackLanguage() messages.Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if tag := os.Getenv(name); tag != "" {
			if lang, err := messages.ParseLanguage(tag); err == nil {
				return lang
			}
			return messages.English
		}
	}
	return messages.English
}

// scanFlag reads a flag before the command tree exists: the help texts need the
// language, and the language may stand in the workspace.
func scanFlag(args []string, name string) string {
	value := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if arg == "--"+name && i+1 < len(args) {
			value = args[i+1]
		}
		if rest, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			value = rest
		}
	}
	return value
}
