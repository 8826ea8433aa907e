package tradewind

import (
	"fmt"
	"testing"
	"time"
)

func TestTryA2(t *testing.T) {
	e, _ := demo(t)
	start := time.Now()
	s, err := e.shops(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("shops", time.Since(start))
	start = time.Now()
	fmt.Println(len(s.worthMost(nil)), "sites ranked in", time.Since(start))
	start = time.Now()
	ready, refused, err := e.ready(t.Context(), s, TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready", len(ready), "refused", len(refused), time.Since(start))
	priced := 0
	for _, p := range ready {
		if p.facts.Priced {
			priced++
		}
		f := p.facts.Form
		fmt.Println(p.site, p.facts.Priced, f.Level, f.Elasticity, f.ElasticitySD, f.Reference, f.Floor, f.Ceiling, f.MOQ, f.LeadDays)
	}
	codes := map[string]int{}
	for _, r := range refused {
		codes[r.Code]++
	}
	fmt.Println("priced", priced, codes)
	start = time.Now()
	tr, err := e.TrainAutomation(t.Context(), TrainOptions{Items: 4, By: ann})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range tr.Trained {
		fmt.Println(x.SKU, x.Priced, x.Learned, x.Moves, x.Advantage, x.Shadow)
	}
	fmt.Println("trained 4 in", time.Since(start))
}
