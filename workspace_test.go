package tradewind

import (
	"context"
	"testing"
	"time"
)

func TestScratchTiming(t *testing.T) {
	dir := t.TempDir()
	s := time.Now()
	e, r, err := Demo(context.Background(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("demo", time.Since(s), r.Rows, r.Items, len(r.Decisions))
	s = time.Now()
	_, err = e.Plan(context.Background(), PlanOptions{Workers: 1})
	t.Log("plan1", time.Since(s), err)
	s = time.Now()
	e.frozen = nil
	_, err = e.snapshot(context.Background())
	t.Log("freeze", time.Since(s), err)
	s = time.Now()
	e.survey(e.frozen)
	t.Log("survey", time.Since(s), err)
	s = time.Now()
	e.Close()
	t.Log("close", time.Since(s), err)
	s = time.Now()
	e, err = Open(context.Background(), dir)
	t.Log("open", time.Since(s), err)
	s = time.Now()
	_, err = e.Markets(context.Background())
	t.Log("markets", time.Since(s), err)
	d2 := t.TempDir()
	s = time.Now()
	Init(d2, Config{})
	e2, err := Open(context.Background(), d2)
	t.Log("new", time.Since(s), err)
	e2.Close()
}
