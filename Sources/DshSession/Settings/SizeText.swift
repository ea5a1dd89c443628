// Sizes as settings and options on the command line take them.

import DshLanguage

/// A number of bytes such as `4096`, `64K`, `16M` or `2G`; nil if it is none, negative, or beyond `Limits.bytes`.
public func parseSizeText(_ text: String) -> Int? { parseSize(text).flatMap { 0...Limits.bytes ~= $0 ? Int($0) : nil } }
