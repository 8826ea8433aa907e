package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/messages"
)

func (v *invocation) hsCommand() *cobra.Command {
	return v.group("hs", "cli.hs", v.hsSuggest())
}

func (v *invocation) hsSuggest() *cobra.Command {
	var sku string
	c := v.command("suggest [TEXT…]", "cli.hs.suggest", cobra.ArbitraryArgs, func(ctx context.Context, args []string) error {
		q := tradewind.HSQuery{Text: strings.Join(args, " "), SKU: commerce.SKU(sku)}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			s, err := e.SuggestHS(ctx, q)
			if err != nil {
				return err
			}
			return v.print(result{value: s, rows: hsRows(s.Candidates), page: func(p *page) { v.hsPage(p, s) }})
		})
	})
	c.Flags().StringVar(&sku, "sku", "", v.text("cli.flag.hs-sku"))
	return c
}

func (v *invocation) hsPage(p *page, s *tradewind.HSSuggestion) {
	p.prose("", v.text("cli.hs.read", messages.A("text", s.Text)))
	if s.Recorded != "" {
		p.line(v.text("cli.hs.recorded", messages.A("code", s.Recorded)))
	}
	if s.Abstained {
		p.prose("", s.Reason.In(v.lang))
	}
	if len(s.Candidates) > 0 {
		p.line("")
		p.table(hsRows(s.Candidates))
	}
	p.line("")
	p.prose("", v.text("cli.hs.legend", messages.A("edition", strconv.Itoa(int(s.Edition)))))
	v.notAdvice(p)
}

func hsRows(candidates []tradewind.HSCandidate) *rows {
	type candidate = tradewind.HSCandidate
	return list(candidates,
		column[candidate]{key: "rank", title: "cli.head.rank", right: true, text: func(c candidate) string { return strconv.Itoa(c.Rank) }},
		column[candidate]{key: "code", title: "cli.head.hs", text: func(c candidate) string { return c.Code }},
		column[candidate]{key: "probability", title: "cli.head.chance", right: true, text: func(c candidate) string { return percent(c.Probability) }, raw: func(c candidate) string { return exact(c.Probability) }},
		column[candidate]{key: "description", title: "cli.head.description", flex: true, text: func(c candidate) string { return c.Description }},
	)
}
