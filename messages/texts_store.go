package messages

// storeTexts are the texts of package or part store.
var storeTexts = map[string]text{}
