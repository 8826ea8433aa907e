package plan

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/inventory"
)

// arrivals are the placed orders that no count knows yet, by the day on which the supplier
// should deliver. Of what a count names as under way no such day is known.
func arrivals(v *Survey, site Site, supply *commerce.Supply) []inventory.Arrival {
	var list []inventory.Arrival
	for _, o := range v.Placed {
		if o.SKU == site.SKU && o.Location == site.Location && o.open() > 0 {
			list = append(list, inventory.Arrival{Units: float64(o.open()), Day: supply.LeadDays - float64(v.Snapshot.AsOf.Sub(o.Day))})
		}
	}
	return list
}

// frozen is how many days nothing more is to be ordered at a site, for something just was.
func frozen(v *Survey, site Site) int {
	left := 0
	for _, o := range v.Placed {
		if o.SKU == site.SKU && o.Location == site.Location {
			left = max(left, v.Config.FreezeDays-max(0, v.Snapshot.AsOf.Sub(o.Day)))
		}
	}
	return left
}

// closed are the coming days on which a supplier does no work, and the longest time for
// which its goods are with it.
func closed(v *Survey, supplier commerce.Supplier) (list []inventory.Closure, handling float64) {
	return closedFrom(shutOn(v.Config.Closures), supplier, v.Snapshot.AsOf, calendar.Day{})
}

// refused says in words why an order was not weighed.
func (v *Survey) refused(r *inventory.Refusal) messages.Message {
	value := messages.A("value", messages.Decimal{X: r.Value, Places: 0})
	switch r.Reason {
	case inventory.NegativeStock:
		return messages.M("plan.refused.negative-stock", value)
	case inventory.NoLeadTime:
		return messages.M("plan.refused.no-lead-time")
	case inventory.BadPack:
		return messages.M("plan.refused.pack", value)
	case inventory.Frozen:
		return messages.M("plan.refused.frozen", messages.A("days", int64(r.Value)))
	case inventory.MOQAboveBudget:
		if r.Value < mostMoney {
			return messages.M("plan.refused.moq-budget", messages.A("cost", v.amount(r.Value)), messages.A("limit", v.amount(r.Limit)))
		}
	}
	return messages.M("plan.refused.too-large")
}
