// Hashes of texts and of values.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let hashes: [Function] = [
    digest(
      "md5", "The MD5 hash (RFC 1321) of a text in hexadecimal digits; fit to compare with, not to keep secrets.",
      [
        ("md5(\"\")", "d41d8cd98f00b204e9800998ecf8427e"), ("md5(\"Zoë\")", "fb44af73417cf03c023d098e7f07c114"),
      ]
    ) { MD5.hash($0) },
    digest(
      "sha1", "The SHA-1 hash (RFC 3174) of a text in hexadecimal digits; fit to compare with, not to keep secrets.",
      [
        ("sha1(\"\")", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("sha1(\"abc\")", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      ]
    ) { SHA1.hash($0) },
    digest(
      "sha256", "The SHA-256 hash (FIPS 180-4) of a text in hexadecimal digits.",
      [
        ("sha256(\"\")", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("sha256(\"abc\")", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      ]
    ) { SHA256.hash($0) },
    Function(
      "crc32", .hash, ["text"], [.from(.string, to: .int64), .from(.binary, to: .int64)],
      "The CRC-32 checksum of a text, as zip files have it.",
      examples: [("crc32(\"\")", "0"), ("crc32(\"123456789\")", "3421780262")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount { output[row] = call.isValid(row) ? Int64(CRC32.checksum(texts[row])) : 0 }
        }
      }
    },
    Function(
      "xxhash64", .hash, ["text"], [.from(.string, to: .int64), .from(.binary, to: .int64)],
      "The XXH64 hash of a text with seed 0, its 64 bits as an integer.",
      examples: [("xxhash64(\"\")", "-1205034819632174695"), ("xxhash64(\"abc\")", "4952883123889572249")]
    ) { _ in
      Kernel { call in
        let texts = TextArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount { output[row] = call.isValid(row) ? Int64(bitPattern: XXHash64.hash(texts[row])) : 0 }
        }
      }
    },
    Function(
      "hash", .hash, ["value"],
      [
        .from(.int64, to: .int64), .from(.float64, to: .int64), .from(.string, to: .int64), .from(.bool, to: .int64),
        .from(.date, to: .int64), .from(.timestamp, to: .int64),
      ],
      "An integer that spreads values evenly and is the same for equal values of a type, in every run: XXH64 of their bytes.",
      examples: [("hash(1) == hash(2)", "false"), ("hash(0.0) == hash(-0.0)", "true"), ("hash(\"abc\") == xxhash64(\"abc\")", "true")]
    ) { site in
      switch site.types[0] {
      case .string:
        return Kernel { call in
          let texts = TextArgument(call.arguments[0])
          return call.fixed(Int64.self) { output in
            for row in 0..<call.rowCount { output[row] = call.isValid(row) ? Int64(bitPattern: XXHash64.hash(texts[row])) : 0 }
          }
        }
      case .float64:
        return Kernel { $0.map(Double.self) { x in XXHash64.hash(x.isNaN ? Double.nan.bitPattern : x == 0 ? 0 : x.bitPattern) } }
      case .date: return Kernel { $0.map(Int32.self) { XXHash64.hash(UInt64(bitPattern: Int64($0))) } }
      case .bool:
        return Kernel { call in
          let flags = BoolArgument(call.arguments[0])
          return call.fixed(Int64.self) { output in for row in 0..<call.rowCount { output[row] = XXHash64.hash(flags[row] ? 1 : 0) } }
        }
      default: return Kernel { $0.map(Int64.self) { XXHash64.hash(UInt64(bitPattern: $0)) } }
      }
    },
  ]

  private static func digest(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ hash: @escaping @Sendable (TextSlice) -> [UInt8]
  ) -> Function {
    Function(name, .hash, ["text"], [.from(.string, to: .string), .from(.binary, to: .string)], summary, examples: examples) { _ in
      Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        return call.texts { row, output in for byte in hash(texts[row]) { output.appendHex(byte) } }
      }
    }
  }
}

extension TextOutput {
  /// Appends two small hexadecimal digits.
  func appendHex(_ byte: UInt8, uppercase: Bool = false) {
    for digit in [byte >> 4, byte & 15] {
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: uppercase ? "A" : "a") + digit - 10)
    }
  }
}
