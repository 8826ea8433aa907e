// Command tradewind is the command line: the product's verbs in a terminal, the demo
// and the server of the console.
//
// It parses, asks the engine, and prints; it decides nothing. Data goes to standard
// output, everything else to standard error. Before it: package tradewind (the engine)
// and package console; nothing comes after it.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
