// How long datasets stay that nobody has given a name: a session that runs for days must not grow with every statement.

import DshDiagnostics
import DshLanguage

extension SessionState {
  /// So many datasets stay whether they have names or not, the newest: more than anybody looks back at. Each takes a few KiB, and a kept one a
  /// descriptor, of which a process often has no more than 1,024.
  static let unnamedLimit = 500
  /// Looking for those that are not needed costs a look at all, so that it is done for some at once.
  private static let surplusLimit = unnamedLimit / 4

  /// Gives up the oldest datasets that have no name and no blocks, and that no other is made from.
  mutating func forgetOldest() {
    guard datasets.count > Self.unnamedLimit + Self.surplusLimit else { return }
    earlier = earlier.suffix(Self.unnamedLimit)
    let newest = datasets.indices.suffix(Self.unnamedLimit)
    let withBlocks = datasets.indices.filter { datasets[$0].kept != nil }
    let wanted = reachable(from: newest + names.values + [current].compactMap(\.self) + withBlocks)
    datasets.keep(wanted)
    earlier = earlier.filter { $0.map(datasets.contains) ?? true }
    var (usedFiles, usedKept): (Set<Int>, Set<Int>) = ([], [])
    for index in wanted {
      switch datasets[index].base {
      case .files(let id): usedFiles.insert(id)
      case .kept(let id): usedKept.insert(id)
      case .plan, .dataset: break
      }
    }
    files.keep(usedFiles)
    kept.keep(usedKept)
    replacedKept.formIntersection(usedKept)
  }

  /// Some datasets with those that they are made from.
  func reachable(from start: [Int]) -> Set<Int> {
    var found: Set<Int> = []
    var open = start
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      if case .dataset(let base) = datasets[next].base { open.append(base) }
      open += datasets[next].stages.flatMap(\.others)
    }
    return found
  }

  /// The error of a number whose dataset is not there any more; nil for other names.
  func forgotten(_ name: Name) -> Diagnostic? {
    guard let index = Self.index(ofNumber: name.text), 0..<datasets.nextIndex ~= index else { return nil }
    return Diagnostic(
      .unknownDataset, "the dataset \(name.text) is not there any more", span: name.span,
      suggestion: "give a name to what you come back to: NAME = …", notes: ["of datasets without a name the last \(Self.unnamedLimit) stay"]
    )
  }

  /// The index of a dataset that is called by its number, `_3`.
  static func index(ofNumber name: String) -> Int? { name.hasPrefix("_") ? Int(name.dropFirst()).map { $0 - 1 } : nil }
}
