package tradewind
import ("testing";"time";"fmt"; _ "pgregory.net/rapid")
func TestScratch(t *testing.T) {
	s := time.Now()
	e, p := planned(t)
	t.Log(time.Since(s))
	for _, d := range p.Decisions { fmt.Println(d.ID, d.Summary.English, d.Cash, d.Assumed); x,_:=e.Explain(t.Context(), d.ID); fmt.Println(x.Flips, len(x.Alternatives), x.Binding) }
	fmt.Println(p.LeftOut, p.Warnings)
	s = time.Now()
	e2 := sample(t)
	t.Log(time.Since(s))
	s = time.Now()
	e2.Plan(t.Context(), PlanOptions{})
	t.Log(time.Since(s))
	r, _ := e.Imports(t.Context())
	for _, f := range r { fmt.Println(f.File, f.Rows, f.Money, f.Excluded, f.Quarantine) }
}
