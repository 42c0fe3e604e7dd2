// Which columns matter and how, measured once for the screen, JSON and the report.

namespace Nudge.Cli;

internal static class ColumnEffects
{
    private const int MostDependences = 12;

    /// <param name="model">The model.</param>
    /// <param name="data">Rows that it was not trained on, if there are some.</param>
    /// <param name="seed">Which rows are taken, and how they are mixed up.</param>
    /// <param name="engine">How the network is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    internal static (ColumnImportances Importances, IReadOnlyList<ColumnDependence> Dependences) Measure(
        TrainedModel model, Dataset data, ulong seed, GraphEngine engine, Precision precision)
    {
        var rng = new Rng(seed);
        var importances = ColumnImportances.Measure(model, data, rng, engine: engine, precision: precision);
        TableColumn[] first = [.. importances.Columns.Take(MostDependences).Select(one => one.Column)];
        return (importances, ColumnDependence.Measure(model, data, first, rng, engine, precision));
    }
}
