package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"tradewind"
	"tradewind/messages"
)

// A verb that ends in the middle of a stage, as after Ctrl+C, ends its bar as well.
func TestProgressEndsWhereverTheVerbDoes(t *testing.T) {
	steps := []tradewind.Progress{
		{Stage: messages.M("engine.stage.import"), Done: 3, Total: 10},
		{Stage: messages.M("engine.stage.import"), Done: 7, Total: 12},
		{Stage: messages.M("engine.stage.freeze")},
		{Stage: messages.M("engine.stage.propose"), Done: 2, Total: 9},
	}
	for _, ended := range []error{nil, errors.New("interrupted")} {
		for n := range len(steps) + 1 {
			v := newInvocation(nil, nil, nil, &bytes.Buffer{})
			v.term.Err = true // a bar, as at a terminal
			p, end := v.newProgress()
			for _, step := range steps[:n] {
				p.update(step)
			}
			done := make(chan struct{})
			go func() {
				end(ended)
				close(done)
			}()
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Fatalf("after %d steps and the error %v the bar never ends", n, ended)
			}
		}
	}
}
