// Exact numbers of the few groups that need one.

/// Exact numbers by group.
struct ExactNumbers {
  private var numbers: [Int: ExactNumber] = [:]

  /// The number of a group, zero from the start.
  subscript(group: Int) -> ExactNumber {
    get { numbers[group] ?? ExactNumber() }
    _modify { yield &numbers[group, default: ExactNumber()] }
  }

  /// The number of a group that has one.
  func number(of group: Int) -> ExactNumber? { numbers.isEmpty ? nil : numbers[group] }

  /// The groups that have a number, ascending.
  var groups: [Int] { numbers.keys.sorted() }

  var sizeBytes: Int { numbers.values.reduce(0) { $0 + $1.sizeBytes } }
}
