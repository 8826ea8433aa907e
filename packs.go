package tradewind

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"tradewind/market"
)

// marketsFolder holds the market packs of a workspace, beside those that come with
// Tradewind.
const marketsFolder = "markets"

// marketPacks are the packs of a workspace, as of the names, sizes and times of its files.
type marketPacks struct {
	mu    sync.Mutex
	packs []*market.Pack
	stamp string
}

// marketPacks returns what is known of markets: the standard packs, each replaced by that
// of the workspace's folder markets where one is there. A broken pack is fault.Invalid.
func (e *Engine) marketPacks() ([]*market.Pack, error) {
	e.packed.mu.Lock()
	defer e.packed.mu.Unlock()
	paths, stamp, err := e.filesIn(marketsFolder, ".yaml")
	if err != nil {
		return nil, err
	}
	if e.packed.packs != nil && e.packed.stamp == stamp {
		return e.packed.packs, nil
	}
	packs := slices.Clone(market.Packs())
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, unreadable(err, path)
		}
		own, err := market.ReadPack(marketsFolder+"/"+filepath.Base(path), data)
		if err != nil {
			return nil, err
		}
		packs = slices.DeleteFunc(packs, func(p *market.Pack) bool { return p.Market == own.Market })
		packs = append(packs, own)
	}
	slices.SortFunc(packs, func(a, b *market.Pack) int { return strings.Compare(string(a.Market), string(b.Market)) })
	e.packed.packs, e.packed.stamp = packs, stamp
	return packs, nil
}
