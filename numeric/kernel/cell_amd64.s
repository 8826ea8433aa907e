//go:build amd64 && !purego

#include "textflag.h"

// Offsets into the table of constants, which BX points to: see spread in activation.go.
#define MINUS (0*32)(BX)
#define ONE (1*32)(BX)
#define EXP_MOST (2*32)(BX)
#define EXP_LEAST (3*32)(BX)
#define LOG2E (4*32)(BX)
#define ROUNDER (5*32)(BX)
#define LN2_HIGH (6*32)(BX)
#define LN2_LOW (7*32)(BX)
#define EXP0 (8*32)(BX)
#define EXP1 (9*32)(BX)
#define EXP2 (10*32)(BX)
#define EXP3 (11*32)(BX)
#define EXP4 (12*32)(BX)
#define EXP5 (13*32)(BX)
#define BIAS (14*32)(BX)

// SIGMOID replaces x by 1/(1+exp(-x)), step by step as exp32 does: s becomes the shifted
// number, n and then p the polynomial. The limits are the first operands of min and max,
// so that a NaN gets through.
#define SIGMOID(x, s, n, p) \
	VXORPS   MINUS, x, x     \
	VMOVUPS  EXP_MOST, n     \
	VMINPS   x, n, x         \
	VMOVUPS  EXP_LEAST, n    \
	VMAXPS   x, n, x         \
	VMULPS   LOG2E, x, s     \
	VADDPS   ROUNDER, s, s   \
	VSUBPS   ROUNDER, s, n   \
	VMULPS   LN2_HIGH, n, p  \
	VSUBPS   p, x, x         \
	VMULPS   LN2_LOW, n, p   \
	VSUBPS   p, x, x         \
	VMULPS   EXP0, x, p      \
	VADDPS   EXP1, p, p      \
	VMULPS   x, p, p         \
	VADDPS   EXP2, p, p      \
	VMULPS   x, p, p         \
	VADDPS   EXP3, p, p      \
	VMULPS   x, p, p         \
	VADDPS   EXP4, p, p      \
	VMULPS   x, p, p         \
	VADDPS   EXP5, p, p      \
	VMULPS   x, x, n         \
	VMULPS   n, p, p         \
	VADDPS   x, p, p         \
	VADDPS   ONE, p, p       \
	VPADDD   BIAS, s, s      \
	VPSLLD   $23, s, s       \
	VMULPS   s, p, p         \
	VADDPS   ONE, p, p       \
	VMOVUPS  ONE, x          \
	VDIVPS   p, x, x

// TANH replaces x by 2/(1+exp(-2x)) - 1.
#define TANH(x, s, n, p) \
	VADDPS x, x, x        \
	SIGMOID(x, s, n, p)   \
	VADDPS x, x, x        \
	VSUBPS ONE, x, x

// The four gates of a unit lie hidden numbers apart: R8 to R11 point to input, forget,
// candidate and output, and AX is the offset of the next eight units.
#define POINT_TO_GATES \
	MOVQ gates+0(FP), R8    \
	MOVQ hidden+8(FP), DX   \
	LEAQ (R8)(DX*4), R9     \
	LEAQ (R9)(DX*4), R10    \
	LEAQ (R10)(DX*4), R11   \
	XORQ AX, AX

// func cellForward(gates *float32, hidden int, before, after, squashed, h *float32, n int, c *[constants][lanes]float32)
TEXT ·cellForward(SB), NOSPLIT, $0-64
	POINT_TO_GATES
	MOVQ before+16(FP), SI
	MOVQ after+24(FP), DI
	MOVQ squashed+32(FP), R12
	MOVQ h+40(FP), R13
	MOVQ n+48(FP), CX
	MOVQ c+56(FP), BX
	SHLQ $2, CX

next:
	VMOVUPS (R8)(AX*1), Y0
	VMOVUPS (R9)(AX*1), Y1
	VMOVUPS (R10)(AX*1), Y2
	VMOVUPS (R11)(AX*1), Y3
	SIGMOID(Y0, Y4, Y5, Y6)
	SIGMOID(Y1, Y7, Y8, Y9)
	TANH(Y2, Y4, Y5, Y6)
	SIGMOID(Y3, Y7, Y8, Y9)
	VMOVUPS Y0, (R8)(AX*1)
	VMOVUPS Y1, (R9)(AX*1)
	VMOVUPS Y2, (R10)(AX*1)
	VMOVUPS Y3, (R11)(AX*1)
	VMULPS (SI)(AX*1), Y1, Y1 // f·before
	VMULPS Y2, Y0, Y0         // i·g
	VADDPS Y0, Y1, Y1
	VMOVUPS Y1, (DI)(AX*1)
	TANH(Y1, Y4, Y5, Y6)
	VMOVUPS Y1, (R12)(AX*1)
	VMULPS Y1, Y3, Y3         // o·squashed
	VMOVUPS Y3, (R13)(AX*1)
	ADDQ $32, AX
	CMPQ AX, CX
	JLT  next
	VZEROUPPER
	RET

// func cellBackward(gates *float32, hidden int, before, squashed, dh, dc *float32, n int, c *[constants][lanes]float32)
TEXT ·cellBackward(SB), NOSPLIT, $0-64
	POINT_TO_GATES
	MOVQ before+16(FP), SI
	MOVQ squashed+24(FP), DI
	MOVQ dh+32(FP), R12
	MOVQ dc+40(FP), R13
	MOVQ n+48(FP), CX
	MOVQ c+56(FP), BX
	SHLQ $2, CX
	VMOVUPS ONE, Y15

next:
	VMOVUPS (R8)(AX*1), Y0  // i
	VMOVUPS (R9)(AX*1), Y1  // f
	VMOVUPS (R10)(AX*1), Y2 // g
	VMOVUPS (R11)(AX*1), Y3 // o
	VMOVUPS (DI)(AX*1), Y4  // squashed
	VMOVUPS (R12)(AX*1), Y5 // dh

	VMULPS Y4, Y4, Y6       // derivative by after: dc + dh·o·(1-squashed²)
	VSUBPS Y6, Y15, Y6
	VMULPS Y3, Y5, Y7
	VMULPS Y6, Y7, Y7
	VADDPS (R13)(AX*1), Y7, Y7

	VMULPS Y1, Y7, Y8       // by before: f times that
	VMOVUPS Y8, (R13)(AX*1)

	VSUBPS Y0, Y15, Y9      // input: ·g·i·(1-i)
	VMULPS Y9, Y0, Y9
	VMULPS Y2, Y7, Y8
	VMULPS Y9, Y8, Y8
	VMOVUPS Y8, (R8)(AX*1)

	VSUBPS Y1, Y15, Y9      // forget: ·before·f·(1-f)
	VMULPS Y9, Y1, Y9
	VMULPS (SI)(AX*1), Y7, Y8
	VMULPS Y9, Y8, Y8
	VMOVUPS Y8, (R9)(AX*1)

	VMULPS Y2, Y2, Y9       // candidate: ·i·(1-g²)
	VSUBPS Y9, Y15, Y9
	VMULPS Y0, Y7, Y8
	VMULPS Y9, Y8, Y8
	VMOVUPS Y8, (R10)(AX*1)

	VSUBPS Y3, Y15, Y9      // output: dh·squashed·o·(1-o)
	VMULPS Y9, Y3, Y9
	VMULPS Y4, Y5, Y8
	VMULPS Y9, Y8, Y8
	VMOVUPS Y8, (R11)(AX*1)

	ADDQ $32, AX
	CMPQ AX, CX
	JLT  next
	VZEROUPPER
	RET
