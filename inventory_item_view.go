package tradewind

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/money"
)

// StockItem is everything about the stock of a SKU at a location: its row on the board, what
// is under way, how an order is found and what it brings, and the network around it.
type StockItem struct {
	StockView
	AsOf       calendar.Day     `json:"facts_as_of"`
	OutDay     *calendar.Day    `json:"out_day"`       // the shelf is empty in half of the futures, nothing ordered; nil: not within the projection
	EarlyOut   *calendar.Day    `json:"early_out_day"` // likewise in one of ten
	Places     []StockPlace     `json:"places"`        // all locations that hold the SKU
	Coming     []ComingView     `json:"coming"`
	Policy     *OrderPolicy     `json:"policy"` // nil where no order can be weighed: Reason says why
	Options    []StockOption    `json:"options"`
	Units      int64            `json:"projected_order"` // that the projection is with: the open decision's, or what is worth ordering
	Projection []StockPoint     `json:"projection"`
	Limits     []ConstraintView `json:"limits"` // of the newest plan, with the price of each; empty before the first
	Decisions  []DecisionView   `json:"decisions"`
	Facts      []InputView      `json:"facts"`
	Notes      []LocalizedText  `json:"notes"`
}

// StockPlace is a location that holds a SKU.
type StockPlace struct {
	Location commerce.Location `json:"location"`
	Country  LocalizedText     `json:"country"`
	Here     bool              `json:"here"`   // the location that the page is about
	Serves   []MarketName      `json:"serves"` // empty: every market
	Share    float64           `json:"share"`  // of the SKU's demand of late that falls to it
	Supplier commerce.Supplier `json:"supplier"`
	LeadDays float64           `json:"lead_days"`
	OnHand   int64             `json:"on_hand"`
	Inbound  float64           `json:"inbound"`
	Daily    float64           `json:"units_a_day"`
	Cover    *float64          `json:"days_of_cover"`
	State    StockState        `json:"state"`
	Order    float64           `json:"order_units"`
	Decision decision.ID       `json:"decision"`
}

// ComingView is an order or a transfer under way.
type ComingView struct {
	Units    float64       `json:"units"`
	Day      *calendar.Day `json:"day"`      // nil: nobody says when
	Late     bool          `json:"late"`     // that day is over
	Decision decision.ID   `json:"decision"` // "": a stock count names it
}

// OrderPolicy is the rule by which an order is found.
type OrderPolicy struct {
	Name        LocalizedText   `json:"name"`
	Position    float64         `json:"position"` // on the shelf and under way
	UpTo        float64         `json:"order_up_to"`
	Need        float64         `json:"need"`
	Reorder     *float64        `json:"reorder_level"` // position at or below which an order of today pays; nil: at none
	Cap         *float64        `json:"largest_order"` // that the cash of a plan pays for; nil: no limit is set
	MOQ         float64         `json:"moq"`
	Pack        float64         `json:"pack"`
	LeadDays    float64         `json:"lead_days"`
	LeadSD      float64         `json:"lead_sd"`
	CycleDays   int             `json:"cycle_days"` // that an order is for
	ReviewDays  int             `json:"review_days"`
	Ratio       float64         `json:"critical_ratio"`
	FillTarget  float64         `json:"fill_target"`   // 0: what earns most
	Fill        float64         `json:"fill_expected"` // of the cycle's demand, with the best order
	LeadDemand  float64         `json:"lead_demand"`
	CycleDemand float64         `json:"cycle_demand"`
	Margin      money.Amount    `json:"margin"`  // of a unit sold
	Holding     money.Amount    `json:"holding"` // of a unit for the cycle
	Reasons     []LocalizedText `json:"reasons"`
}

// StockOption is an order that was weighed.
type StockOption struct {
	Units   float64      `json:"units"`
	Delay   int          `json:"delay_days"`
	Gain    EstimateView `json:"gain"`
	Cash    money.Amount `json:"cash"`
	Saved   float64      `json:"units_saved"` // that would not be sold without
	Chosen  bool         `json:"chosen"`
	Drivers []DriverView `json:"drivers"`
}

// StockPast is when a stock ran out or piled up, and what made it.
type StockPast struct {
	SKU         commerce.SKU      `json:"sku"`
	Location    commerce.Location `json:"location"`
	Product     string            `json:"product"`
	From        calendar.Day      `json:"from"`
	To          calendar.Day      `json:"to"`
	Episodes    []StockEpisode    `json:"episodes"`
	Lost        money.Amount      `json:"lost"`        // contribution, by having too little
	Held        money.Amount      `json:"held"`        // cost of holding too much
	Unexplained *float64          `json:"unexplained"` // units that the last count is off the story; nil: nobody counted since
	Refused     *LocalizedText    `json:"refused"`     // why nothing can be said; nil where something is
	Caveats     []LocalizedText   `json:"caveats"`
	Receipts    []ReceiptView     `json:"receipts"` // the latest first
}

// ReceiptView is goods that a supplier delivered.
type ReceiptView struct {
	Ordered   calendar.Day      `json:"ordered"`
	Received  calendar.Day      `json:"received"`
	Days      int               `json:"days"` // between the two
	Units     int64             `json:"units"`
	Supplier  commerce.Supplier `json:"supplier"`
	Reference string            `json:"reference"`
}

// StockEpisode is a time with too little or too much. Money is Planned and all Causes, to
// rounding.
type StockEpisode struct {
	Over    bool         `json:"over"` // too much; else too little
	From    calendar.Day `json:"from"`
	To      calendar.Day `json:"to"`
	Units   float64      `json:"units"` // sales lost, or the mean number of units too many
	Money   money.Amount `json:"money"`
	Planned money.Amount `json:"planned"` // would have come about had all gone as planned
	Causes  []StockCause `json:"causes"`
}

// StockCause is what a cause is answerable for; negative where it made things better.
type StockCause struct {
	Code   string        `json:"code"`
	Name   LocalizedText `json:"name"`
	Amount money.Amount  `json:"amount"`
}
