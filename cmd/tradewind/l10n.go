package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/messages"
)

// shownItems is how many products or listings a page shows without --limit; files and
// programs get them all.
const shownItems = 10

func (v *invocation) l10nCommand() *cobra.Command {
	return v.group("l10n", "cli.l10n", v.l10nAudit(), v.l10nGlossary())
}

func (v *invocation) l10nAudit() *cobra.Command {
	var market, sku string
	c := v.command("audit", "cli.l10n.audit", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			view, err := e.Localization(ctx, tradewind.LocalizationFilter{Market: marketOf(market), SKU: commerce.SKU(sku), Limit: v.itemLimit()})
			if err != nil {
				return err
			}
			return v.print(result{value: view, rows: v.listingRows(view), page: func(p *page) { v.l10nPage(p, view, sku != "") }})
		})
	})
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.comply-market"))
	c.Flags().StringVar(&sku, "sku", "", v.text("cli.flag.l10n-sku"))
	return c
}

// itemLimit is --limit, and for people not more than they read.
func (v *invocation) itemLimit() int {
	if v.flags.limit == 0 && v.flags.output == "table" {
		return shownItems
	}
	return v.flags.limit
}

// listingLine is one finding of a listing as files list it.
type listingLine struct {
	Listing *tradewind.ListingReport  `json:"listing"`
	Finding *tradewind.ListingFinding `json:"finding"`
}

func (v *invocation) listingRows(view *tradewind.LocalizationView) *rows {
	var lines []listingLine
	for i := range view.Listings {
		l := &view.Listings[i]
		for k := range l.Findings {
			lines = append(lines, listingLine{l, &l.Findings[k]})
		}
	}
	type line = listingLine
	return list(lines,
		column[line]{key: "sku", text: func(x line) string { return string(x.Listing.SKU) }},
		column[line]{key: "name", text: func(x line) string { return x.Listing.Name }},
		column[line]{key: "market", text: func(x line) string { return string(x.Listing.Market) }},
		column[line]{key: "channel", text: func(x line) string { return string(x.Listing.Channel) }},
		column[line]{key: "language", text: func(x line) string { return x.Listing.Language }},
		column[line]{key: "score", right: true, text: func(x line) string { return strconv.Itoa(x.Listing.Score) }},
		column[line]{key: "ready", text: func(x line) string { return strconv.FormatBool(x.Listing.Ready) }},
		column[line]{key: "sales", right: true, text: func(x line) string { return x.Listing.Sales.Decimal() }},
		column[line]{key: "currency", text: func(x line) string { return string(x.Listing.Sales.Currency()) }},
		column[line]{key: "code", text: func(x line) string { return x.Finding.Code }},
		column[line]{key: "severity", text: func(x line) string { return x.Finding.Severity }},
		column[line]{key: "owner", text: func(x line) string { return x.Finding.Owner }},
		column[line]{key: "part", text: func(x line) string { return x.Finding.Part }},
		column[line]{key: "quote", text: func(x line) string { return x.Finding.Quote }},
		column[line]{key: "text", text: func(x line) string { return x.Finding.Text.In(v.lang) }},
		column[line]{key: "remedy", text: func(x line) string { return x.Finding.Remedy.In(v.lang) }},
		column[line]{key: "source", text: func(x line) string { return x.Finding.Source }},
		column[line]{key: "assumed", text: func(x line) string { return strconv.FormatBool(x.Finding.Assumed) }},
	)
}

func (v *invocation) l10nPage(p *page, view *tradewind.LocalizationView, all bool) {
	p.line(v.bold(v.text("cli.l10n.title", messages.A("day", view.AsOf))))
	if view.Note != nil {
		p.prose("", view.Note.In(v.lang))
	} else {
		p.table(v.l10nMarkets(view.Markets))
		v.listingParts(p, view, all)
		p.line("")
		p.prose("", v.text("cli.l10n.legend"))
	}
	for _, about := range []struct {
		code    string
		markets []commerce.Market
	}{{"cli.l10n.no-listings", view.Unlisted}, {"cli.l10n.no-pack", view.Unknown}} {
		if view.Loaded > 0 && len(about.markets) > 0 {
			p.line("")
			p.prose("", v.text(about.code, messages.A("markets", marketCodes(about.markets))))
		}
	}
	v.notAdvice(p)
}

func (v *invocation) l10nMarkets(markets []tradewind.LocalizationMarket) *rows {
	type m = tradewind.LocalizationMarket
	return list(markets,
		column[m]{title: "cli.head.market", text: func(x m) string { return string(x.Market) }},
		column[m]{title: "cli.head.name", text: func(x m) string { return x.Name.In(v.lang) }},
		column[m]{title: "cli.head.languages", text: func(x m) string { return strings.Join(x.Languages, " ") }},
		column[m]{title: "cli.head.wanted", right: true, text: func(x m) string { return count(int64(x.Wanted)) }},
		column[m]{title: "cli.head.present", right: true, text: func(x m) string { return percent(x.Coverage) }},
		column[m]{title: "cli.head.ready", right: true, text: func(x m) string { return percent(x.ReadyShare) }},
		column[m]{title: "cli.head.sales-ready", right: true, text: func(x m) string {
			if x.SalesReady == nil {
				return "–"
			}
			return percent(*x.SalesReady)
		}},
		column[m]{title: "cli.head.score", right: true, text: func(x m) string { return fmt.Sprintf("%.0f", x.Score) }},
	)
}

// listingParts writes the findings of each listing; what is only to be known stands below
// one that was asked for by its SKU.
func (v *invocation) listingParts(p *page, view *tradewind.LocalizationView, all bool) {
	if len(view.Listings) == 0 {
		p.line("")
		p.line(v.text("cli.l10n.quiet"))
		return
	}
	p.heading("cli.l10n.listings", messages.A("n", len(view.Listings)), messages.A("all", view.Found))
	for _, l := range view.Listings {
		p.line("")
		p.line(v.bold(v.text("cli.l10n.item", messages.A("sku", string(l.SKU)), messages.A("market", string(l.Market)), messages.A("language", l.Language),
			messages.A("score", l.Score), messages.A("sales", l.Sales))) + "  " + printable(l.Name))
		for _, f := range l.Findings {
			if f.Severity == "info" && !all {
				continue
			}
			text := joined([]string{f.Grade.In(v.lang), f.Text.In(v.lang)})
			if f.Assumed {
				text = v.text("cli.l10n.assumed", messages.A("text", text))
			}
			p.prose("  - ", text)
			p.prose("    ", joined([]string{f.OwnerName.In(v.lang), f.Remedy.In(v.lang)}))
		}
		if len(l.Findings) == 0 {
			p.prose("  - ", v.text("cli.l10n.quiet"))
		}
	}
}

func marketCodes(markets []commerce.Market) string {
	var codes []string
	for _, m := range markets {
		codes = append(codes, string(m))
	}
	return strings.Join(codes, ", ")
}

func (v *invocation) l10nGlossary() *cobra.Command {
	return v.command("glossary", "cli.l10n.glossary", exactly(0, ""), func(context.Context, []string) error {
		type term = tradewind.GlossaryTerm
		terms := tradewind.Glossary()
		if n := v.flags.limit; n > 0 && n < len(terms) {
			terms = terms[:n]
		}
		return v.print(result{value: terms, rows: list(terms,
			column[term]{key: "en", title: "cli.head.english", text: func(t term) string { return t.English }},
			column[term]{key: "zh", title: "cli.head.chinese", text: func(t term) string { return t.Chinese }},
			column[term]{key: "wrong", title: "cli.head.wrong", flex: true, text: func(t term) string { return strings.Join(t.Wrong, "; ") }},
		)})
	})
}
