package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestOneTableFromKindToDoors(t *testing.T) {
	for _, tt := range []struct {
		kind         Kind
		status, exit int
	}{
		{Internal, 500, 1}, {Invalid, 422, 1}, {NotFound, 404, 1}, {Stale, 412, 5},
		{Denied, 403, 4}, {Blocked, 409, 6}, {Usage, 400, 2}, {Partial, 200, 3},
	} {
		if got := tt.kind.HTTPStatus(); got != tt.status {
			t.Errorf("%v.HTTPStatus() = %d, want %d", tt.kind, got, tt.status)
		}
		if got := tt.kind.ExitCode(); got != tt.exit {
			t.Errorf("%v.ExitCode() = %d, want %d", tt.kind, got, tt.exit)
		}
	}
}

func TestWrapKeepsTheKind(t *testing.T) {
	cause := New(Stale, "E-STALE", A("id", "D-1"))
	err := Wrap(fmt.Errorf("deeper: %w", cause), "approve %s", "D-1")
	if !Is(err, Stale) || Of(err) != cause {
		t.Fatalf("Wrap lost the fault: %v", err)
	}
	if got, want := err.Error(), "approve D-1: deeper: E-STALE id=D-1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if Wrap(nil, "x") != nil {
		t.Error("Wrap(nil) is not nil")
	}
	if got := ExitCode(errors.New("anything else")); got != 1 {
		t.Errorf("unknown error exits %d, want 1", got)
	}
	if got := ExitCode(nil); got != 0 {
		t.Errorf("nil exits %d, want 0", got)
	}
}
