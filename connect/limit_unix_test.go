//go:build unix

package connect

import "syscall"

const canLimitFileSize = true

func limitFileSize(bytes uint64) {
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
		panic(err)
	}
}
