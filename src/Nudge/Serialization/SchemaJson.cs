// A schema as JSON in a model file. See docs/model-files.md.

using System.Text.Json;

namespace Nudge;

internal static class SchemaJson
{
    internal const string Name = "schema";

    internal const int MaxDepth = 4;

    /// <summary>Whether every column is just a number, so that a file needs no schema to be read.</summary>
    internal static bool IsPlain(TableSchema schema) =>
        schema.MissingMarks.Count == 0
        && schema.Missing == MissingPolicy.Fill
        && schema.Target.Columns.Count == 1
        && schema.Target.Style == NumberStyle.Plain
        && schema.Inputs.All(column => column is NumberColumn { HasIndicator: false } number && number.Style == NumberStyle.Plain)
        && schema.HasHeader == !schema.InputNames.All(TableSchema.IsPosition);

    internal static string Write(TableSchema schema) => ModelJson.Write(json =>
    {
        json.WriteBoolean("header", schema.HasHeader);
        json.WriteString("missing", ModelFile.NameOf(schema.Missing));
        ModelFile.Texts(json, "missingMarks", schema.MissingMarks);
        json.WriteString("reason", schema.Target.Reason);
        WriteStyle(json, schema.Target.Style);
        json.WriteStartArray("columns");
        foreach (TableColumn column in schema.Columns)
        {
            json.WriteStartObject();
            WriteColumn(json, column);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("columnCount", schema.ColumnCount);
        if (schema.Target.Columns.Count > 1)
            WriteTargets(json, schema.Target.Columns);
    });

    internal static TableSchema Read(ModelJson json, string targetName, IReadOnlyList<string>? classes)
    {
        TableColumn[] columns = [.. json.ObjectList("columns").Select(ReadColumn)];
        TableTarget target = json.Has("targets")
            ? TableTarget.Several([.. json.ObjectList("targets").Select(ReadTarget)], json.Text("reason"))
            : new TableTarget(targetName, classes is null ? LearningTask.Regression : LearningTask.Classification, json.Text("reason"), classes, ReadStyle(json), 0);
        return new TableSchema(
            columns, target, ModelFile.Named<MissingPolicy>(json, "missing", "way to treat missing values"), json.TextList("missingMarks"),
            json.Flag("header"), json.Number("columnCount"), []);
    }

    private static void WriteTargets(Utf8JsonWriter json, IReadOnlyList<TableTarget> targets)
    {
        json.WriteStartArray("targets");
        foreach (TableTarget target in targets)
        {
            json.WriteStartObject();
            json.WriteString("name", target.Name);
            WriteStyle(json, target.Style);
            if (target.Classes is { } classes)
                ModelFile.Texts(json, "classes", classes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static TableTarget ReadTarget(ModelJson json)
    {
        string[]? classes = json.Has("classes") ? json.TextList("classes") : null;
        return new TableTarget(json.Text("name"), classes is null ? LearningTask.Regression : LearningTask.Classification, "", classes, ReadStyle(json), 0);
    }

    private static void WriteColumn(Utf8JsonWriter json, TableColumn column)
    {
        json.WriteString("name", column.Name);
        json.WriteString("kind", ModelFile.NameOf(column.Kind));
        if (column.HasIndicator)
            json.WriteBoolean("indicator", true);
        if (column.Facts.Distinct is { } distinct)
            json.WriteNumber("distinct", distinct);
        if (column.Facts.Missing > 0)
            json.WriteNumber("missing", column.Facts.Missing);
        switch (column)
        {
            case NumberColumn number:
                WriteStyle(json, number.Style);
                break;
            case CategoryColumn category:
                ModelFile.Texts(json, "values", category.Values);
                ModelFile.Texts(json, "rare", category.Rare);
                break;
            case DateColumn date:
                json.WriteString("order", ModelFile.NameOf(date.Order));
                json.WriteNumber("parts", (int)date.Parts);
                break;
            case UnusedColumn unused:
                json.WriteString("reason", unused.Reason);
                break;
        }
    }

    private static TableColumn ReadColumn(ModelJson json)
    {
        string name = json.Text("name");
        ColumnKind kind = ModelFile.Named<ColumnKind>(json, "kind", "kind of column");
        bool indicator = json.Has("indicator") && json.Flag("indicator");
        var facts = new ColumnFacts(json.Has("distinct") ? json.Number("distinct") : null, json.Has("missing") ? json.Number("missing") : 0);
        switch (kind)
        {
            case ColumnKind.Number:
                return new NumberColumn(name, ReadStyle(json), indicator, facts);
            case ColumnKind.YesNo:
                return new YesNoColumn(name, indicator, facts);
            case ColumnKind.Category:
                string[] values = json.TextList("values");
                return values.Distinct(StringComparer.Ordinal).Count() == values.Length
                    ? new CategoryColumn(name, values, json.TextList("rare"), indicator, facts)
                    : throw json.Error($"the column '{name}' has a value twice; expected different ones");
            case ColumnKind.Date:
                int parts = json.Number("parts");
                return parts is > 0 and < 16
                    ? new DateColumn(name, ModelFile.Named<DateOrder>(json, "order", "order of a date"), (DateParts)parts, indicator, facts)
                    : throw json.Error($"the column '{name}' has the parts {parts}; expected 1 to 15");
            default:
                return new UnusedColumn(name, kind, json.Text("reason"), facts);
        }
    }

    private static void WriteStyle(Utf8JsonWriter json, NumberStyle style)
    {
        if (style == NumberStyle.Plain)
            return;
        json.WriteString("decimal", style.Decimal.ToString());
        json.WriteString("thousands", style.Thousands == '\0' ? "" : style.Thousands.ToString());
        json.WriteString("around", style.Around);
    }

    private static NumberStyle ReadStyle(ModelJson json)
    {
        if (!json.Has("decimal"))
            return NumberStyle.Plain;
        string mark = json.Text("decimal"), thousands = json.Text("thousands");
        return mark is "." or "," && thousands is "" or "." or "," or "'" or " " && thousands != mark
            ? new NumberStyle(mark[0], thousands.Length == 0 ? '\0' : thousands[0], json.Text("around"))
            : throw json.Error($"numbers have '{mark}' as their decimal mark and '{thousands}' between thousands; expected a point or a comma, and another mark or none");
    }
}
