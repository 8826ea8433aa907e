// Package tradewind is the product as verbs: what a seller, a console or a program asks
// of a workspace, one file a verb or a noun, in the order in which data flows: import,
// plan, decisions, approve, execute.
//
// The doors (cmd, console, api) talk to an Engine and to nothing below it. Logic lives
// in plan and in the disciplines; the Engine fetches, calls and records.
package tradewind

// Version is the program's version; the release build sets it.
var Version = "0.1.0-dev"
