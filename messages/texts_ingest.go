package messages

// ingestTexts are the texts of package or part ingest.
var ingestTexts = map[string]text{}
