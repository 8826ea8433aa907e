package tradewind

import (
	"os"
	"path/filepath"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/operations/landed"
	"tradewind/plan"
)

// tariffsFolder holds the tariffs that a workspace has beside that of the United States.
const tariffsFolder = "tariffs"

// calculators keeps the calculator of a workspace, as of its rules, tariffs and facts.
type calculators struct {
	mu    sync.Mutex
	last  *landed.Calculator
	stamp calculatorStamp
}

type calculatorStamp struct {
	book    *law.Book
	tariffs string
	facts   *commerce.Snapshot
	known   calendar.Day
}

// calculator returns the landed-cost calculator over the workspace's rules, tariffs and
// exchange rates; known is the day of which the rules are believed, nil being today.
func (e *Engine) calculator(s *commerce.Snapshot, known *calendar.Day) (*landed.Calculator, *law.Book, error) {
	e.landed.mu.Lock()
	defer e.landed.mu.Unlock()
	book, err := e.book()
	if err != nil {
		return nil, nil, err
	}
	paths, tariffs, err := e.filesIn(tariffsFolder, ".csv")
	if err != nil {
		return nil, nil, err
	}
	now := calculatorStamp{book: book, tariffs: tariffs, facts: s}
	if known != nil {
		now.known = *known
	}
	if e.landed.last != nil && e.landed.stamp == now {
		return e.landed.last, book, nil
	}
	env := landed.Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}, Rates: plan.ExchangeRates(s), Known: now.known}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, nil, unreadable(err, path)
		}
		schedule, err := tariff.ReadSchedule(tariffsFolder+"/"+filepath.Base(path), data)
		if err != nil {
			return nil, nil, err
		}
		env.Tariffs[schedule.Country()] = schedule
	}
	e.landed.last, e.landed.stamp = landed.New(book, env), now
	return e.landed.last, book, nil
}

// law is what plans know of law: the workspace's rules on the day that it looks them up.
func (e *Engine) law(s *commerce.Snapshot) (plan.Law, error) {
	k, book, err := e.calculator(s, nil)
	if err != nil {
		return plan.Law{}, err
	}
	packs, err := e.marketPacks()
	if err != nil {
		return plan.Law{}, err
	}
	l := plan.Law{Book: book, Calculator: k, Packs: packs, AsOf: e.rulesAsOf()}
	l.Checker = plan.CheckerOf(l.Book, s, &e.config.Seller, l.AsOf)
	l.Names, err = e.sanctions()
	return l, err
}
