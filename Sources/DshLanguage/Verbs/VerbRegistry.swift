// Every verb of the language, in the order in which help lists them.
import DshDiagnostics

/// The verbs, by name and in order.
public enum VerbRegistry {
  public static let all: [Verb] = [
    // Sources.
    .read, .range, .rows,
    // Transforms.
    .filter, .map, .flatMap, .mapBatches, .select, .drop, .rename, .limit, .agg, .distinct, .sort, .top, .join, .union, .zip,
    .sample, .shuffle, .repartition,
    // Actions and pins.
    .take, .takeBatch, .takeAll, .show, .count, .sum, .mean, .min, .max, .std, .unique, .schema, .summary, .hist, .persist,
    .materialize, .unpersist, .write, .explain, .stats, .toPandas,
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The verb of exactly that name.
  public static func verb(named name: String) -> Verb? { byName[name] }

  /// The name of the verb a person most likely meant.
  public static func nearest(to name: String) -> String? {
    nearestName(to: name, in: all.lazy.map(\.name))
  }
}
