package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) complyScreen() *cobra.Command {
	var file string
	c := v.command("screen [NAME…]", "cli.comply.screen", between(0, -1, "NAME…"), func(ctx context.Context, args []string) error {
		var parties []tradewind.Party
		for _, name := range args {
			parties = append(parties, tradewind.Party{Name: name})
		}
		if file != "" {
			more, err := tradewind.ReadParties(v.path(file))
			if err != nil {
				return err
			}
			parties = append(parties, more...)
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			view, err := e.Screen(ctx, parties)
			if err != nil {
				return err
			}
			return v.print(result{value: view, rows: v.screenRows(view), page: func(p *page) { v.screenPage(p, view) }})
		})
	})
	c.Flags().StringVar(&file, "file", "", v.text("cli.flag.comply-file"))
	return c
}

// screenLine is a party and one of its hits as files list them; a party without a hit has
// a line of its own.
type screenLine struct {
	Party *tradewind.ScreenedParty `json:"party"`
	Hit   *tradewind.ScreeningHit  `json:"hit"`
}

func (v *invocation) screenRows(view *tradewind.ScreeningView) *rows {
	var lines []screenLine
	for i := range view.Parties {
		p := &view.Parties[i]
		for k := range p.Hits {
			lines = append(lines, screenLine{p, &p.Hits[k]})
		}
		if len(p.Hits) == 0 {
			lines = append(lines, screenLine{Party: p})
		}
	}
	type line = screenLine
	ofHit := func(key string, right bool, text func(*tradewind.ScreeningHit) string) column[line] {
		return column[line]{key: key, right: right, text: func(x line) string {
			if x.Hit == nil {
				return ""
			}
			return text(x.Hit)
		}}
	}
	return list(lines,
		column[line]{key: "party", text: func(x line) string { return x.Party.Name }},
		column[line]{key: "country", text: func(x line) string { return x.Party.Country }},
		column[line]{key: "role", text: func(x line) string { return x.Party.Role }},
		column[line]{key: "state", text: func(x line) string { return x.Party.State }},
		ofHit("score", true, func(h *tradewind.ScreeningHit) string { return strconv.FormatFloat(h.Score, 'f', 3, 64) }),
		ofHit("id", false, func(h *tradewind.ScreeningHit) string { return h.ID }),
		ofHit("listed", false, func(h *tradewind.ScreeningHit) string { return h.Name }),
		ofHit("matched", false, func(h *tradewind.ScreeningHit) string { return h.Matched }),
		ofHit("kind", false, func(h *tradewind.ScreeningHit) string { return h.Kind }),
		ofHit("countries", false, func(h *tradewind.ScreeningHit) string { return strings.Join(h.Countries, "; ") }),
		ofHit("why", false, v.why),
		ofHit("list", false, func(h *tradewind.ScreeningHit) string { return h.List.Name }),
		ofHit("version", false, func(h *tradewind.ScreeningHit) string { return h.List.Version.String() }),
		ofHit("sha256", false, func(h *tradewind.ScreeningHit) string { return h.List.Hash }),
	)
}

// why says word by word what was taken for what.
func (v *invocation) why(h *tradewind.ScreeningHit) string {
	var parts []string
	for _, w := range h.Why {
		parts = append(parts, fmt.Sprintf("%s ≈ %s (%s)", w.Given, w.Listed, w.Text.In(v.lang)))
	}
	return strings.Join(parts, ", ")
}

func (v *invocation) screenPage(p *page, view *tradewind.ScreeningView) {
	if view.Note != nil {
		p.prose("", view.Note.In(v.lang))
	} else {
		p.line(v.bold(v.text("cli.screen.title", messages.A("n", len(view.Parties)), messages.A("lists", len(view.Lists)), messages.A("hits", view.Hits))))
	}
	if len(view.Parties) == 0 {
		p.line(v.text("cli.screen.nobody"))
	} else {
		p.line("")
		p.table(v.partyRows(view.Parties))
	}
	if view.Screened {
		for i := range view.Parties {
			v.partyPart(p, &view.Parties[i])
		}
		p.heading("cli.screen.lists")
		for _, l := range view.Lists {
			p.prose("  ", v.text("cli.screen.list", messages.A("list", l.Name), messages.A("version", l.Version), messages.A("n", l.Entries), messages.A("hash", l.Hash)))
		}
	}
	v.notAdvice(p)
}

func (v *invocation) partyRows(parties []tradewind.ScreenedParty) *rows {
	type party = tradewind.ScreenedParty
	return list(parties,
		column[party]{title: "cli.head.party", flex: true, text: func(x party) string { return x.Name }},
		column[party]{title: "cli.head.country", text: func(x party) string { return x.Country }},
		column[party]{title: "cli.head.role", text: func(x party) string { return v.roleOf(x.Role) }},
		column[party]{title: "cli.head.result", text: func(x party) string { return x.StateName.In(v.lang) }},
		column[party]{title: "cli.head.hits", right: true, text: func(x party) string { return strconv.Itoa(len(x.Hits)) }},
	)
}

// partyPart tells of a party what its row does not: every hit with the reason, and what
// could not be compared.
func (v *invocation) partyPart(p *page, party *tradewind.ScreenedParty) {
	if party.State == tradewind.PartyNoHit {
		return
	}
	p.line("")
	for _, text := range party.Texts {
		p.prose("", joined([]string{party.Name, text.In(v.lang)}))
	}
	for i := range party.Hits {
		h := &party.Hits[i]
		line := v.text("cli.screen.entry", messages.A("score", messages.Decimal{X: h.Score, Places: 2}), messages.A("name", h.Name), messages.A("id", h.ID),
			messages.A("list", h.List.Name), messages.A("version", h.List.Version))
		if h.Matched != h.Name {
			line += ", " + v.text("cli.screen.matched", messages.A("name", h.Matched))
		}
		p.prose("  ", line)
		p.prose("        ", joined(append([]string{h.Kind}, append(h.Countries, h.Programme, h.ListedOn)...)))
		p.prose("        ", v.why(h))
	}
}

// roleOf names the role that the facts give a party; one that a person wrote stays.
func (v *invocation) roleOf(role string) string {
	if role == "supplier" {
		return v.text("comply.role.supplier")
	}
	return role
}
