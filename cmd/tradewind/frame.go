package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"tradewind/messages"
)

// A command that another process carries out travels as frames over the workspace's
// socket: one byte of kind, four bytes of length (big-endian), the payload. The first
// frame is the request; the last is the exit code.
const (
	frameRequest   = 'r' // JSON of request, to the serving process
	frameStdin     = 'i' // bytes; none is the end of input
	frameCancel    = 'c' // Ctrl+C in the terminal of the command
	frameWantStdin = 'w' // from the serving process: the command reads its input
	frameStdout    = 'o'
	frameStderr    = 'e'
	frameExit      = 'x' // the exit code, in decimal
)

// maxFrame bounds what one frame can make the other side allocate.
const maxFrame = 1 << 20

// request is what the serving process needs to know about a forwarded command.
type request struct {
	Args     []string          `json:"args"`
	Dir      string            `json:"cwd"`
	Language messages.Language `json:"lang"`
	Terminal terminal          `json:"terminal"`
	Token    string            `json:"token,omitempty"` // of who typed it: the serving process may be another's
}

// framer writes frames; several goroutines may share one.
type framer struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *framer) write(kind byte, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	head := [5]byte{kind}
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := f.w.Write(append(head[:], payload...)); err != nil {
		return fmt.Errorf("write frame %q: %w", kind, err)
	}
	return nil
}

func (f *framer) writeJSON(kind byte, value any) error {
	payload, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return f.write(kind, payload)
}

// stream is an io.Writer that sends what it is given as frames of one kind.
func (f *framer) stream(kind byte) io.Writer { return streamWriter{f, kind} }

type streamWriter struct {
	f    *framer
	kind byte
}

func (s streamWriter) Write(p []byte) (int, error) {
	for sent := 0; sent < len(p); sent += maxFrame {
		if err := s.f.write(s.kind, p[sent:min(len(p), sent+maxFrame)]); err != nil {
			return sent, err
		}
	}
	return len(p), nil
}

func readFrame(r io.Reader) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > maxFrame {
		return 0, nil, fmt.Errorf("frame of %d bytes: at most %d", size, maxFrame)
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(r, payload)
	return head[0], payload, err
}
