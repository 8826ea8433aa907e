package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"

	"tradewind/messages"
)

// cells measures text in terminal cells: a Chinese character takes two. Ambiguous
// characters such as "–" take one, whatever the locale, so that output does not depend
// on the machine.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// textWidth is the line length of prose where no terminal says otherwise.
const textWidth = 96

// page lays out text for people.
type page struct {
	v   *invocation
	out io.Writer
}

func (p *page) line(s string) { fmt.Fprintln(p.out, strings.TrimRight(s, " ")) }

// heading opens a part of a page.
func (p *page) heading(code string, args ...messages.Arg) {
	p.line("")
	p.line(p.v.bold(p.v.text(code, args...)))
}

// prose writes a paragraph, wrapped, each line behind the indent; first stands before
// the first line.
func (p *page) prose(first, text string) {
	indent := strings.Repeat(" ", cells.StringWidth(first))
	for i, line := range wrap(oneLine(text), p.width()-len(indent)) {
		if i == 0 {
			p.line(first + line)
		} else {
			p.line(indent + line)
		}
	}
}

func (p *page) width() int {
	if w := p.v.term.Width; w > 40 && w < textWidth {
		return w
	}
	return textWidth
}

// facts writes names and values in two columns.
func (p *page) facts(pairs ...[2]string) {
	for i := range pairs {
		pairs[i][1] = oneLine(pairs[i][1])
	}
	for line := range strings.Lines(aligned(pairs)) {
		p.line("  " + strings.TrimRight(line, "\n"))
	}
}

// table writes rows under their headings, aligned by terminal cells. On a terminal the
// flexible column is cut to the line.
func (p *page) table(r *rows) {
	var shown []columnText
	for _, c := range r.columns {
		if c.title != "" {
			shown = append(shown, c)
		}
	}
	grid := make([][]string, r.n+1)
	widths := make([]int, len(shown))
	for i := range grid {
		grid[i] = make([]string, len(shown))
		for j, c := range shown {
			if i == 0 {
				grid[i][j] = p.v.text(c.title)
			} else {
				grid[i][j] = oneLine(c.text(i - 1))
			}
			widths[j] = max(widths[j], cells.StringWidth(grid[i][j]))
		}
	}
	p.fit(shown, widths)
	for i, record := range grid {
		line := tableLine(record, shown, widths)
		if i == 0 {
			line = p.v.dim(line)
		}
		p.line(line)
	}
}

// fit narrows the flexible column so that a line keeps within the terminal.
func (p *page) fit(shown []columnText, widths []int) {
	if !p.v.term.Out || p.v.term.Width == 0 {
		return
	}
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	for j, c := range shown {
		if c.flex && total > p.v.term.Width {
			widths[j] = max(12, widths[j]-(total-p.v.term.Width))
		}
	}
}

func tableLine(record []string, shown []columnText, widths []int) string {
	var b strings.Builder
	for j, cell := range record {
		if cells.StringWidth(cell) > widths[j] {
			cell = cells.Truncate(cell, widths[j], "…")
		}
		pad := strings.Repeat(" ", widths[j]-cells.StringWidth(cell))
		if j > 0 {
			b.WriteString("  ")
		}
		if shown[j].right {
			b.WriteString(pad + cell)
		} else {
			b.WriteString(cell + pad)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// aligned lays out pairs so that the second parts begin in one column.
func aligned(pairs [][2]string) string {
	width := 0
	for _, pair := range pairs {
		width = max(width, cells.StringWidth(pair[0]))
	}
	var b strings.Builder
	for _, pair := range pairs {
		b.WriteString(cells.FillRight(pair[0], width) + "  " + pair[1] + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// wrap breaks text into lines of at most width cells: at spaces, and between Chinese
// characters.
func wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range pieces(text) {
		w := cells.StringWidth(word)
		if used > 0 && used+cells.StringWidth(strings.TrimRight(word, " ")) > width {
			lines, line, used = append(lines, strings.TrimRight(line, " ")), "", 0
		}
		line, used = line+word, used+w
	}
	return append(lines, strings.TrimRight(line, " "))
}

// closing marks may not begin a line of Chinese.
const closing = "，。；：！？、）》”’"

// pieces cuts text where a line may break: after a space and around wide characters.
func pieces(text string) []string {
	var out []string
	start := 0
	wide := false // the last character may be broken after
	for i, c := range text {
		isWide := cells.RuneWidth(c) == 2
		if i > start && (wide || isWide) && !strings.ContainsRune(closing, c) {
			out, start = append(out, text[start:i]), i
		}
		wide = isWide || c == ' '
	}
	return append(out, text[start:])
}

// oneLine keeps what stands in a cell on its line.
func oneLine(s string) string {
	return strings.TrimRight(strings.ReplaceAll(printable(s), "\n", " "), " ")
}

// printable keeps control characters that came from a file off the terminal.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' {
			return ' '
		}
		return c
	}, s)
}

func (v *invocation) bold(s string) string { return styled(v.term.Color && v.term.Out, "1", s) }
func (v *invocation) dim(s string) string  { return styled(v.term.Color && v.term.Out, "2", s) }
func (v *invocation) red(s string) string  { return styled(v.term.Color && v.term.Err, "31;1", s) }

func styled(on bool, code, s string) string {
	if !on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
