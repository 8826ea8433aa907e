// Package fault names the kinds of failure that Tradewind tells apart, and what each
// one means at the doors: an HTTP status and an exit code.
//
// It is the lowest floor: everything may import it, it imports nothing of the project.
// It is not for messages in a language: a fault carries a code and arguments, and
// package messages turns them into English or Chinese.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what a caller can do about a failure.
type Kind uint8

const (
	Internal Kind = iota // a defect or a broken machine; nothing the caller can mend
	Invalid              // the input is wrong: mend it
	NotFound             // the thing named does not exist
	Stale                // it changed since it was seen: look again
	Denied               // this actor may not do that
	Blocked              // a guardrail or a rule forbids it now
	Usage                // the command line or the request is not of the documented form
	Partial              // done, with rows quarantined
)

// kinds is the one table from a kind to what the doors answer.
var kinds = [...]struct {
	name   string
	status int
	exit   int
}{
	Internal: {"internal", 500, 1},
	Invalid:  {"invalid", 422, 1},
	NotFound: {"not found", 404, 1},
	Stale:    {"stale", 412, 5},
	Denied:   {"denied", 403, 4},
	Blocked:  {"blocked", 409, 6},
	Usage:    {"usage", 400, 2},
	Partial:  {"partial", 200, 3},
}

// String returns the kind's name in plain words.
func (k Kind) String() string { return kinds[k].name }

// HTTPStatus returns the status code an HTTP door answers with.
func (k Kind) HTTPStatus() int { return kinds[k].status }

// ExitCode returns the exit code a command ends with.
func (k Kind) ExitCode() int { return kinds[k].exit }

// Arg is one named argument of a fault: what package messages fills into a sentence.
type Arg struct {
	Name  string
	Value any
}

// A names one argument.
func A(name string, value any) Arg { return Arg{name, value} }

// Error is a failure with a kind, a code that has a text in every language, and the
// arguments of that text.
type Error struct {
	Kind Kind
	Code string
	Args []Arg
	Err  error // what caused it; may be nil
}

// New returns a failure of the given kind.
func New(kind Kind, code string, args ...Arg) *Error {
	return &Error{Kind: kind, Code: code, Args: args}
}

// From returns a failure of the given kind that was caused by err.
func From(err error, kind Kind, code string, args ...Arg) *Error {
	return &Error{Kind: kind, Code: code, Args: args, Err: err}
}

// Error gives the plain form for logs: code, arguments, cause. People are shown the
// sentence that package messages makes of it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, a := range e.Args {
		fmt.Fprintf(&b, " %s=%v", a.Name, a.Value)
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Wrap adds the call that failed and its arguments, once, and keeps the kind of err.
// It returns nil for a nil err.
func Wrap(err error, call string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(call, args...), err)
}

// Of returns the first *Error in err's chain, or nil.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf returns the kind of err: Internal for anything that is not a *Error.
func KindOf(err error) Kind {
	if e := Of(err); e != nil {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a fault of the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// ExitCode returns the exit code for err: 0 for nil, 130 for an interrupted context is
// the command's own business.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	return KindOf(err).ExitCode()
}
