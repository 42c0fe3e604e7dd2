// Records of a program as a table: the text that a file of them would have.

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Nudge;

internal static class RecordTable
{
    /// <summary>The public properties of records as columns.</summary>
    internal static CsvFile Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IEnumerable<T> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        PropertyInfo[] properties = [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && IsPlain(property.PropertyType))];
        if (properties.Length == 0)
            throw new ArgumentException($"{typeof(T).Name} has no public property that is a number, text, date, bool or enum; expected some, as the columns.", nameof(records));
        var text = new StringBuilder();
        Row(properties.Select(property => property.Name));
        int count = 0;
        foreach (T record in records)
        {
            Row(properties.Select(property => TextOf(property.GetValue(record))));
            count++;
        }
        if (count == 0)
            throw new ArgumentException("Expected at least one record, got none.", nameof(records));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        return CsvFile.Read(stream, new CsvFormat { Separator = ',', Quotes = '"', Decimal = '.', Header = true, Comment = "", Encoding = "utf-8" }, typeof(T).Name);

        void Row(IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
    }

    private static bool IsPlain(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || (plain.IsValueType && typeof(IFormattable).IsAssignableFrom(plain) && !typeof(IEnumerable).IsAssignableFrom(plain));
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        double number => double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture),
        float number => float.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        Enum name => name.ToString(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
