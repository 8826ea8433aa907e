//go:build amd64 && !purego

#include "textflag.h"

// Both tiles hold their part of dst in registers while k runs. For every k they take one
// stretch of a row of b and four numbers of a column of a, each spread over a register.
// A product is rounded before it is added (no VFMADD), so that the sums are those of the
// plain loop.
//
//	DI dst   R8 its row step in bytes
//	SI a     R9 its row step, R12 three of them, R10 its column step
//	BX b     R11 its row step
//	CX k, counting down

#define LOAD_ARGUMENTS \
	MOVQ dst+0(FP), DI     \
	MOVQ dstStep+8(FP), R8 \
	MOVQ a+16(FP), SI      \
	MOVQ aRow+24(FP), R9   \
	MOVQ aCol+32(FP), R10  \
	MOVQ b+40(FP), BX      \
	MOVQ bRow+48(FP), R11  \
	MOVQ k+56(FP), CX      \
	SHLQ $2, R8            \
	SHLQ $2, R9            \
	SHLQ $2, R10           \
	SHLQ $2, R11           \
	LEAQ (R9)(R9*2), R12   \
	LEAQ (DI)(R8*2), DX

// WIDE adds a · (Y8, Y9) to a row of dst in two registers.
#define WIDE(a, row0, row1) \
	VBROADCASTSS a, Y10      \
	VMULPS Y8, Y10, Y11      \
	VMULPS Y9, Y10, Y12      \
	VADDPS Y11, row0, row0   \
	VADDPS Y12, row1, row1

// NARROW adds a · Y8 to a row of dst in one register.
#define NARROW(a, row) \
	VBROADCASTSS a, Y10  \
	VMULPS Y8, Y10, Y11  \
	VADDPS Y11, row, row

// func tile4x16(dst *float32, dstStep int, a *float32, aRow, aCol int, b *float32, bRow, k int)
TEXT ·tile4x16(SB), NOSPLIT, $0-64
	LOAD_ARGUMENTS
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VMOVUPS (DI)(R8*1), Y2
	VMOVUPS 32(DI)(R8*1), Y3
	VMOVUPS (DX), Y4
	VMOVUPS 32(DX), Y5
	VMOVUPS (DX)(R8*1), Y6
	VMOVUPS 32(DX)(R8*1), Y7

next:
	VMOVUPS (BX), Y8
	VMOVUPS 32(BX), Y9
	WIDE((SI), Y0, Y1)
	WIDE((SI)(R9*1), Y2, Y3)
	WIDE((SI)(R9*2), Y4, Y5)
	WIDE((SI)(R12*1), Y6, Y7)
	ADDQ R10, SI
	ADDQ R11, BX
	DECQ CX
	JNZ  next

	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, (DI)(R8*1)
	VMOVUPS Y3, 32(DI)(R8*1)
	VMOVUPS Y4, (DX)
	VMOVUPS Y5, 32(DX)
	VMOVUPS Y6, (DX)(R8*1)
	VMOVUPS Y7, 32(DX)(R8*1)
	VZEROUPPER
	RET

// func tile4x8(dst *float32, dstStep int, a *float32, aRow, aCol int, b *float32, bRow, k int, mask *[lanes]int32)
TEXT ·tile4x8(SB), NOSPLIT, $0-72
	LOAD_ARGUMENTS
	MOVQ mask+64(FP), AX
	VMOVDQU (AX), Y15
	VMASKMOVPS (DI), Y15, Y0
	VMASKMOVPS (DI)(R8*1), Y15, Y1
	VMASKMOVPS (DX), Y15, Y2
	VMASKMOVPS (DX)(R8*1), Y15, Y3

next:
	VMASKMOVPS (BX), Y15, Y8
	NARROW((SI), Y0)
	NARROW((SI)(R9*1), Y1)
	NARROW((SI)(R9*2), Y2)
	NARROW((SI)(R12*1), Y3)
	ADDQ R10, SI
	ADDQ R11, BX
	DECQ CX
	JNZ  next

	VMASKMOVPS Y0, Y15, (DI)
	VMASKMOVPS Y1, Y15, (DI)(R8*1)
	VMASKMOVPS Y2, Y15, (DX)
	VMASKMOVPS Y3, Y15, (DX)(R8*1)
	VZEROUPPER
	RET
