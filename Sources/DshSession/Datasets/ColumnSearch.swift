// Finds the dataset that has a column, for mistakes with names.

import DshColumns
import DshLanguage
import DshPlan

extension SessionState {
  /// More datasets are not looked through: what was made that long ago is not what is meant.
  private static let searchedDatasets = 50

  /// The name of the newest dataset, but for the current one, that has a column of that name.
  func dataset(havingColumn name: String) -> String? {
    datasets.indices.reversed().prefix(Self.searchedDatasets).first { index in
      index != current && ((try? plan(of: index).schema.index(of: name)) ?? nil) != nil
    }.map { datasets[$0].title }
  }
}

/// The name that stands in the text, without backticks.
func unquotedName(_ text: String) -> String {
  text.hasPrefix("`") && text.hasSuffix("`") && text.utf8.count > 1 ? text.dropFirst().dropLast().replacingPairs(of: "`") : text
}
