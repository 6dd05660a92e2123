#!/usr/bin/env python3
"""Edits the sources of Bochs 3.0 for scripts/emulated.sh:

    emulated_bochs.py FOLDER

Linux uses tiles only where the processor can take them from a process again (XFD: a bit for each
part of the state, in register 1C4h, whose use then ends in #NM, which 1C5h explains); Bochs lacks
that. Its XSAVE confuses rows and columns of tiles, leaves half of them out and takes used tiles for
unused ones, its XRSTOR finds parts of a compact image at wrong offsets, and its VCVTNE2PS2BF16
reads beyond its operand. (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1,
chapter 13.)
"""

import pathlib
import sys

TILE_DATA = "BX_XCR0_XTILEDATA_MASK"
XFD, XFD_ERR = "BX_CPU_THIS_PTR msr.ia32_xfd", "BX_CPU_THIS_PTR msr.ia32_xfd_err"
RAISE_NM = f"{{ {XFD_ERR} |= {TILE_DATA}; exception(BX_NM_EXCEPTION, 0); }}\n"

# File: [(text, what comes in its place, how often it is there)].
EDITS = {
    "cpu/cpu.h": [("Bit64u ia32_xss;", "Bit64u ia32_xss, ia32_xfd, ia32_xfd_err;", 1)],
    "cpu/init.cc": [("BX_CPU_THIS_PTR msr.ia32_xss = 0;",
                     f"BX_CPU_THIS_PTR msr.ia32_xss = {XFD} = {XFD_ERR} = 0;", 1)],
    "cpu/msr.h": [("BX_MSR_IA32_XFD = 0x1c4,",
                   "BX_MSR_IA32_XFD = 0x1c4, BX_MSR_IA32_XFD_ERR = 0x1c5,", 1)],
    "cpu/msr.cc": [
        ("  msr_desc[BX_MSR_XSS] =",
         '  msr_desc[BX_MSR_IA32_XFD] = new MSR_Descriptor("XFD", BX_ISA_AMX);\n'
         '  msr_desc[BX_MSR_IA32_XFD_ERR] = new MSR_Descriptor("XFD_ERR", BX_ISA_AMX);\n'
         "  msr_desc[BX_MSR_XSS] =", 1),
        ("    case BX_MSR_XSS:\n      if",
         f"    case BX_MSR_IA32_XFD: val64 = {XFD}; break;\n"
         f"    case BX_MSR_IA32_XFD_ERR: val64 = {XFD_ERR}; break;\n"
         "    case BX_MSR_XSS:\n      if", 1),
        ("    case BX_MSR_XSS:\n      {",
         "    case BX_MSR_IA32_XFD:\n    case BX_MSR_IA32_XFD_ERR:\n"
         f"      if (val_64 & ~Bit64u({TILE_DATA})) return false;\n"
         f"      (index == BX_MSR_IA32_XFD ? {XFD} : {XFD_ERR}) = val_64;\n"
         "      handleAvxModeChange();\n      break;\n"
         "    case BX_MSR_XSS:\n      {", 1)],
    "cpu/cpuid.cc": [
        ("leaf->eax |= (1<<3);\n\n    // EBX[31:00]",
         "leaf->eax |= (1<<3);\n"
         "    if (is_cpu_extension_supported(BX_ISA_AMX)) leaf->eax |= (1<<4);\n\n"
         "    // EBX[31:00]", 1),
        ("leaf->ecx = (cpu->ia32_xss_suppmask & (1 << subfunction)) != 0;",
         "leaf->ecx = (cpu->ia32_xss_suppmask & (1 << subfunction)) != 0;\n"
         "      if (subfunction == xcr0_t::BX_XCR0_XTILEDATA_BIT) leaf->ecx |= (1<<2);", 1)],
    "cpu/proc_ctrl.cc": [
        ("BX_XCR0_XTILEDATA_MASK)) != 0)\n    clear_amx_ok",
         f"BX_XCR0_XTILEDATA_MASK)) != 0 || ({XFD} & {TILE_DATA}) != 0)\n    clear_amx_ok", 1),
        ("BX_XCR0_XTILEDATA_MASK))\n    exception(BX_UD_EXCEPTION, 0);\n",
         "BX_XCR0_XTILEDATA_MASK))\n    exception(BX_UD_EXCEPTION, 0);\n"
         f"  if ({XFD} & {TILE_DATA}) {RAISE_NM}", 1)],
    "cpu/xsave.cc": [
        ("tilecfg.vmm16u(8+n)    = BX_CPU_THIS_PTR amx->tilecfg[n].rows;",
         "tilecfg.vmm16u(8+n) = BX_CPU_THIS_PTR amx->tilecfg[n].bytes_per_row;", 1),
        ("tilecfg.vmmubyte(48+n) = BX_CPU_THIS_PTR amx->tilecfg[n].bytes_per_row;",
         "tilecfg.vmmubyte(48+n) = BX_CPU_THIS_PTR amx->tilecfg[n].rows;", 1),
        ("row < BX_TILE_REGISTERS", "row < BX_TILE_MAX_ROWS", 2),
        ("amx->tile_use_tracker == 0", "amx->tile_use_tracker != 0", 1),
        ("\n        if (format & feature_mask)\n          offset += xsave_restore[feature].len;\n"
         "      }\n",
         "      }\n      if (format & feature_mask) offset += xsave_restore[feature].len;\n", 1),
        ("  return xinuse;", f"  return xinuse & ~Bit32u({XFD});", 1),
        ("  Bit32u restore_mask = xstate_bv & format;\n",
         "  Bit32u restore_mask = xstate_bv & format;\n"
         f"  if (requested_feature_bitmap & restore_mask & Bit32u({XFD})) {RAISE_NM}", 1)],
    "cpu/avx/avx512_bf16.cc": [
        ("convert_ne_fp32_to_bfloat16(op1.vmm32u(n));",
         "convert_ne_fp32_to_bfloat16(op1.vmm32u(n - DWORD_ELEMENTS(len)));", 1)],
}


def main():
    root = pathlib.Path(sys.argv[1])
    for name, edits in EDITS.items():
        text = (root / name).read_text()
        for old, new, times in edits:
            if text.count(old) != times:
                sys.exit(f"emulated_bochs.py: {name} is not that of Bochs 3.0: no {old!r}")
            text = text.replace(old, new)
        (root / name).write_text(text)


main()
