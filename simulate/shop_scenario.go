package simulate

import "math"

// Split separates the chance on which a policy is learned from that on which it is chosen
// and from that on which it is scored.
type Split uint8

const (
	Training Split = iota // one episode in ten is adverse
	Choosing              // likewise, and never learned on
	Scored                // scenarios, and nothing adverse beside them
)

// Scenario is what happens to a shop after its onset. Only scored episodes have one other
// than SteadyTrade.
type Scenario uint8

const (
	SteadyTrade Scenario = iota
	LevelUp
	LevelDown
	SeasonShifted
	ElasticityUp
	LeadsLonger
	RivalUndercuts
)

// Scenarios lists all scenarios.
var Scenarios = [...]Scenario{SteadyTrade, LevelUp, LevelDown, SeasonShifted, ElasticityUp, LeadsLonger, RivalUndercuts}

var scenarioNames = [...]string{"steady", "level up", "level down", "season shifted", "elasticity up", "leads longer", "rival undercuts"}

func (sc Scenario) String() string { return scenarioNames[sc] }

// What scenarios do; times are in weeks.
const (
	levelRises    = 1.4
	levelFalls    = .7
	levelTakes    = 8.
	seasonShift   = 6.
	steeper       = 1.3
	longerLead    = 2.
	undercut      = .55
	underSteeper  = 1.2
	underLasts    = 16.
	underRecovers = 10.
)

// demand returns what a scenario adds to log demand and by what it multiplies the
// elasticity, some weeks after its onset; none before it.
func (sc Scenario) demand(after float64) (shift, steeps float64) {
	if after < 0 {
		return 0, 1
	}
	switch sc {
	case LevelUp:
		return math.Log(levelRises) * min(1, after/levelTakes), 1
	case LevelDown:
		return math.Log(levelFalls) * min(1, after/levelTakes), 1
	case ElasticityUp:
		return 0, steeper
	case RivalUndercuts:
		if left := 1 - max(0, after-underLasts)/underRecovers; left > 0 {
			return math.Log(undercut) * left, 1 + (underSteeper-1)*left
		}
	}
	return 0, 1
}

// adverse is what an adverse episode is like throughout.
type adverse uint8

const (
	fair adverse = iota
	lessDemand
	moreDemand
	laterOrders
)

const (
	adverseShare = .1
	adverseLess  = .7
	adverseMore  = 1.3
	adverseWeeks = 1.
)

// adverseOf reads a uniform: one in ten is adverse, a third of them each way.
func adverseOf(u float64) adverse {
	if u >= adverseShare {
		return fair
	}
	return lessDemand + adverse(min(2, int(3*u/adverseShare)))
}

func (a adverse) logDemand() float64 {
	switch a {
	case lessDemand:
		return math.Log(adverseLess)
	case moreDemand:
		return math.Log(adverseMore)
	}
	return 0
}
