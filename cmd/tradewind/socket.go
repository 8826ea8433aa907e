package main

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"tradewind/fault"
)

// The socket of a workspace that is being served. Where a socket cannot stand in the
// workspace, it stands in a private directory of the system's and the pointer file
// names it.
const (
	socketName  = "tradewind.sock"
	pointerName = "tradewind.sock.path"
)

// maxSocketPath is what every system that we run on can bind; macOS has the least.
const maxSocketPath = 100

// listenIn opens the socket of a workspace. The caller has the workspace's database
// open, so a socket that is there already belongs to a process that has died.
func listenIn(dir string) (l net.Listener, remove func(), err error) {
	inside := filepath.Join(dir, socketName)
	if len(inside) <= maxSocketPath {
		if l, err := bindPrivately(inside); err == nil {
			return l, func() { os.Remove(inside) }, nil
		}
	}
	private, err := os.MkdirTemp("", "tradewind-")
	if err != nil {
		return nil, nil, fault.Wrap(err, "make a directory for the socket")
	}
	outside := filepath.Join(private, "s")
	pointer := filepath.Join(dir, pointerName)
	remove = func() { os.RemoveAll(private); os.Remove(pointer) }
	if l, err = bindPrivately(outside); err == nil {
		err = os.WriteFile(pointer, []byte(outside), 0o600)
	}
	if err != nil {
		remove()
		return nil, nil, fault.Wrap(err, "open the socket %s", outside)
	}
	return l, remove, nil
}

// bindPrivately makes a socket that only this user may open. It is bound in a
// directory that nobody else may enter and then moved to its name: at no moment is it
// open to others, and when it appears it already answers.
func bindPrivately(path string) (net.Listener, error) {
	room, err := os.MkdirTemp(filepath.Dir(path), ".")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(room)
	bound := filepath.Join(room, "s")
	l, err := net.Listen("unix", bound)
	if err != nil {
		return nil, err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // its name is about to change
	if err := errors.Join(os.Chmod(bound, 0o600), os.Rename(bound, path)); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// dialIn reaches the process that serves a workspace; nil means that none does. What a
// dead process left behind is removed.
func dialIn(dir string) (net.Conn, error) {
	path, pointer := filepath.Join(dir, socketName), ""
	if _, err := os.Lstat(path); err != nil {
		pointer = filepath.Join(dir, pointerName)
		named, err := os.ReadFile(pointer)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, fault.Wrap(err, "read %s", pointer)
		}
		path = strings.TrimSpace(string(named))
	}
	conn, err := net.Dial("unix", path)
	switch {
	case err == nil:
		return conn, nil
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.EINVAL):
		os.Remove(path)
		if pointer != "" {
			os.Remove(pointer)
		}
		return nil, nil
	}
	return nil, fault.Wrap(err, "reach the process that serves %s", dir)
}
