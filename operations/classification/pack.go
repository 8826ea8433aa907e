package classification

import (
	"bytes"
	_ "embed"
	"encoding/gob"

	"github.com/klauspost/compress/zstd"
)

// embedded is the ranker as the program in generate/ wrote it.
//
//go:embed ranker.gob.zst
var embedded []byte

// Ranker returns the trained ranker in the form that the package embeds.
func (e *Experiment) Ranker() ([]byte, error) {
	var plain bytes.Buffer
	if err := gob.NewEncoder(&plain).Encode(e.model.ranker); err != nil {
		return nil, err
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return encoder.EncodeAll(plain.Bytes(), nil), nil
}

// Embedded reports whether the ranker that the package embeds is the one trained here.
func (e *Experiment) Embedded() (bool, error) {
	own, err := e.Ranker()
	return bytes.Equal(own, embedded), err
}

// unpack reads what Ranker gives.
func unpack(packed []byte) (*ranker, error) {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	plain, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	r := new(ranker)
	return r, gob.NewDecoder(bytes.NewReader(plain)).Decode(r)
}
