package messages

// cliTexts are the texts of package or part cli.
var cliTexts = map[string]text{}
