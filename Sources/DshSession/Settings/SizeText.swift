// Sizes as settings and options on the command line take them.

import DshLanguage

/// A number of bytes such as `4096`, `64K`, `16M` or `2G`; nil if it is none or negative.
public func parseSizeText(_ text: String) -> Int? { parseSize(text).flatMap { $0 >= 0 ? Int(clamping: $0) : nil } }
