package connect

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"regexp"
	"runtime"
	"slices"
	"syscall"

	"tradewind/decision"
	"tradewind/fault"
)

// step names a call to the file system that can fail; tests make each of them fail.
type step string

const (
	stepOpen   step = "open workspace"
	stepFolder step = "make folder"
	stepCreate step = "create"
	stepWrite  step = "write"
	stepSync   step = "sync file"
	stepClose  step = "close"
	stepStaged step = "sync folder of the hidden name"
	stepName   step = "name"
	stepKept   step = "sync folder"
)

// never fails no step.
func never(step) error { return nil }

// hidden is the name under which a file waits: that of the file, between a dot and the
// token of its receipt.
func (r Receipt) hidden() string {
	return path.Join(path.Dir(r.File), "."+path.Base(r.File)+"."+r.Token)
}

// stage writes content under the hidden name of a receipt and makes sure that it outlives
// a power cut. before is asked ahead of each step.
func stage(workspace string, r Receipt, content []byte, before func(step) error) (err error) {
	defer func() { err = failure(err, r) }()
	if err := before(stepOpen); err != nil {
		return err
	}
	root, err := os.OpenRoot(workspace) // nothing below escapes it, symbolic links included
	if err != nil {
		return err
	}
	defer root.Close()
	if err := before(stepFolder); err != nil {
		return err
	}
	folder := path.Dir(r.File)
	if err := makeFolders(root, outbox, folder); err != nil {
		return err
	}
	if _, err := there(root, r); err != nil {
		return err
	}
	if err := create(root, r, content, before); err != nil {
		root.Remove(r.hidden())
		return err
	}
	return nil
}

func create(root *os.Root, r Receipt, content []byte, before func(step) error) error {
	if err := before(stepCreate); err != nil {
		return err
	}
	file, err := root.OpenFile(r.hidden(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := fill(file, content, before); err != nil {
		file.Close()
		return err
	}
	if err := before(stepClose); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := before(stepStaged); err != nil {
		return err
	}
	return syncFolder(root, path.Dir(r.File))
}

func fill(file *os.File, content []byte, before func(step) error) error {
	if err := before(stepWrite); err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		return err
	}
	if err := before(stepSync); err != nil {
		return err
	}
	return file.Sync()
}

// publish renames a staged file into its place. No hidden name is there once that has
// happened, so it happens once.
func publish(workspace string, r Receipt, before func(step) error) (fresh bool, err error) {
	defer func() { err = failure(err, r) }()
	if err := before(stepOpen); err != nil {
		return false, err
	}
	root, err := os.OpenRoot(workspace)
	if err != nil {
		return false, err
	}
	defer root.Close()
	if _, err := root.Lstat(r.hidden()); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	again, err := there(root, r)
	if err != nil {
		return false, err
	}
	if err := before(stepName); err != nil {
		return false, err
	}
	err = root.Rename(r.hidden(), r.File)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // somebody else was faster
	}
	if err != nil {
		return false, err
	}
	if err := before(stepKept); err != nil {
		return false, err
	}
	return !again, syncFolder(root, path.Dir(r.File))
}

func discard(workspace string, r Receipt) (err error) {
	defer func() { err = failure(err, r) }()
	root, err := os.OpenRoot(workspace)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Remove(r.hidden()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// hiddenForm is how hidden names look.
var hiddenForm = regexp.MustCompile(`^\.[A-Z]+-(D-[0-9A-HJKMNP-TV-Z]{8})\.csv\.[A-Z2-7]+$`)

func staged(workspace string) ([]decision.ID, error) {
	names, err := fs.Glob(os.DirFS(workspace), outbox+"/*/.*")
	if err != nil {
		return nil, fault.Wrap(err, "look for staged files")
	}
	var ids []decision.ID
	for _, name := range names {
		if m := hiddenForm.FindStringSubmatch(path.Base(name)); m != nil {
			ids = append(ids, decision.ID(m[1]))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// there reports whether the file of a receipt is in its place. A file with other bytes, or
// anything that is no file, is fault.Blocked.
func there(root *os.Root, r Receipt) (bool, error) {
	info, err := root.Stat(r.File)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	conflict := fault.New(fault.Blocked, "E-OUTBOX-CONFLICT", fault.A("file", r.File))
	if !info.Mode().IsRegular() || info.Size() > largest {
		return false, conflict
	}
	content, err := root.ReadFile(r.File)
	if err != nil {
		return false, err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != r.SHA256 {
		return false, conflict
	}
	return true, nil
}

// largest is more bytes than any file of ours has.
const largest = 1 << 20

// makeFolders makes the folders that are missing, outermost first, so that a crash
// cannot lose them.
func makeFolders(root *os.Root, folders ...string) error {
	for _, folder := range folders {
		err := root.Mkdir(folder, 0o755)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := syncFolder(root, path.Dir(folder)); err != nil {
			return err
		}
	}
	return nil
}

// syncFolder makes the names in a folder outlive a power cut. Windows does that itself
// and refuses the call.
func syncFolder(root *os.Root, folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := root.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// failure tells what a person can do about an error of the file system.
func failure(err error, r Receipt) error {
	if err == nil || fault.Of(err) != nil {
		return err
	}
	code := "E-OUTBOX-WRITE"
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		code = "E-OUTBOX-FULL"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code = "E-OUTBOX-READONLY"
	}
	return fault.From(err, fault.Internal, code, fault.A("file", r.File), fault.A("error", err.Error()))
}
