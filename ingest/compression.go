package ingest

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"tradewind/fault"
)

const (
	maxWindow     = 64 << 20 // of zstd, in memory
	maxInflation  = 1000     // times the stored size, once freeInflation has been passed
	freeInflation = 256 << 20
)

// decompress looks at the first bytes of a file and returns its plain content.
func (s *Source) decompress(in *bufio.Reader, magic []byte) (io.Reader, error) {
	m := string(magic)
	switch {
	case strings.HasPrefix(m, "\x1f\x8b"):
		s.Compression = "gzip"
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		return &inflation{in: z, source: s}, nil
	case m == "\x28\xb5\x2f\xfd":
		s.Compression = "zstd"
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		s.close = z.Close
		return &inflation{in: z, source: s}, nil
	case strings.HasPrefix(m, "PK\x03\x04"), m == "\xd0\xcf\x11\xe0", m == "%PDF", strings.HasPrefix(m, "BZh"), m == "\xfd7zX", m == "7z\xbc\xaf", m == "Rar!":
		return nil, fault.New(fault.Invalid, "E-FILE-KIND", fault.A("file", s.Name))
	}
	return in, nil
}

// inflation stops a file that unpacks to far more than any table does.
type inflation struct {
	in     io.Reader
	source *Source
	n      int64
}

func (i *inflation) Read(p []byte) (int, error) {
	n, err := i.in.Read(p)
	i.n += int64(n)
	if i.n > freeInflation && i.n/maxInflation > i.source.Offset() {
		return 0, fault.New(fault.Invalid, "E-INFLATION", fault.A("file", i.source.Name))
	}
	return n, err
}

// isCorrupt reports whether compressed data are damaged.
func isCorrupt(err error) bool {
	var deflate flate.CorruptInputError
	for _, e := range []error{
		gzip.ErrChecksum, gzip.ErrHeader, zstd.ErrMagicMismatch, zstd.ErrCRCMismatch, zstd.ErrReservedBlockType,
		zstd.ErrFrameSizeMismatch, zstd.ErrFrameSizeExceeded, zstd.ErrDecoderSizeExceeded, zstd.ErrWindowSizeExceeded,
		zstd.ErrWindowSizeTooSmall, zstd.ErrCompressedSizeTooBig, zstd.ErrBlockTooSmall, zstd.ErrUnexpectedBlockSize,
		zstd.ErrUnknownDictionary,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return errors.As(err, &deflate)
}
