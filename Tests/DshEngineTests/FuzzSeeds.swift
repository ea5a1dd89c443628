// How long the fuzzers run.

import Foundation

/// The seeds that fuzzers run with: a few by default, as many as `DSH_FUZZ_SEEDS` says for a long run.
enum FuzzSeeds {
  static let all: [UInt64] = Array(0..<(ProcessInfo.processInfo.environment["DSH_FUZZ_SEEDS"].flatMap(UInt64.init) ?? 8))
}
