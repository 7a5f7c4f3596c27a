//! Small PDF files (ISO 32000-1) of running text: the standard Helvetica fonts, WinAnsi letters, no compression, a
//! cross-reference table.

/// A4, in points.
const PAGE: (i64, i64) = (595, 842);
const MARGIN: i64 = 64;
const LINE_LETTERS: usize = 88;
const LINES_A_PAGE: usize = 46;

/// The PDF file of a letter: a title and paragraphs. Letters beyond Latin-1 become question marks.
pub(crate) fn letter(title: &str, paragraphs: &[&str]) -> Vec<u8> {
    let lines = broken_into_lines(paragraphs);
    let pages: Vec<&[String]> = lines.chunks(LINES_A_PAGE).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        page_list(pages.len()),
        font("Helvetica"),
        font("Helvetica-Bold"),
        information(title),
    ];
    for (index, page) in pages.iter().enumerate() {
        objects.push(page_object(6 + 2 * index + 1));
        objects.push(stream(&content(if index == 0 { title } else { "" }, page)));
    }
    assemble(&objects)
}

fn broken_into_lines(paragraphs: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() >= LINE_LETTERS {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
        lines.push(String::new());
    }
    lines
}

fn page_list(count: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..count).map(|index| format!("{} 0 R", 6 + 2 * index)).collect();
    format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")).into_bytes()
}

fn font(name: &str) -> Vec<u8> {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>").into_bytes()
}

fn information(title: &str) -> Vec<u8> {
    let mut out = b"<< /Producer (Mecum synthetic people) /Title ".to_vec();
    out.extend(string(title));
    out.extend(b" >>");
    out
}

fn page_object(content: usize) -> Vec<u8> {
    let (width, height) = PAGE;
    format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> \
        >> /Contents {content} 0 R >>"
    )
    .into_bytes()
}

fn content(title: &str, lines: &[String]) -> Vec<u8> {
    let top = PAGE.1 - MARGIN;
    let mut out = format!("BT /F2 15 Tf {MARGIN} {top} Td ").into_bytes();
    out.extend(string(title));
    out.extend(b" Tj /F1 10.5 Tf 0 -28 Td 15 TL\n");
    for line in lines {
        out.extend(string(line));
        out.extend(b" Tj T*\n");
    }
    out.extend(b"ET");
    out
}

fn stream(content: &[u8]) -> Vec<u8> {
    let mut out = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
    out.extend(content);
    out.extend(b"\nendstream");
    out
}

/// A literal string: brackets and backslashes escaped, letters beyond ASCII in octal.
fn string(words: &str) -> Vec<u8> {
    let mut out = vec![b'('];
    for letter in words.chars() {
        match u8::try_from(letter) {
            Ok(byte @ (b'(' | b')' | b'\\')) => out.extend([b'\\', byte]),
            Ok(byte) if byte.is_ascii() => out.push(byte),
            Ok(byte) => out.extend(format!("\\{byte:03o}").into_bytes()),
            Err(_) => out.push(b'?'),
        }
    }
    out.push(b')');
    out
}

fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{table}\n%%EOF\n").into_bytes(),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cross_reference_table_points_at_every_object() {
        let long = "word ".repeat(1500);
        let file = letter("A (long) letter é", &[&long]);
        let table = file.windows(7).position(|part| part == b"xref\n0 ").unwrap();
        assert!(file.ends_with(format!("startxref\n{table}\n%%EOF\n").as_bytes()));
        let tail = String::from_utf8(file[table..].to_vec()).unwrap();
        let entries: Vec<&str> = tail.lines().skip(3).take_while(|line| line.ends_with("n ")).collect();
        assert!(entries.len() >= 9, "a long letter has two pages");
        for (index, entry) in entries.iter().enumerate() {
            let place: usize = entry[..10].parse().unwrap();
            assert!(file[place..].starts_with(format!("{} 0 obj\n", index + 1).as_bytes()));
        }
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains(r"(A \(long\) letter \351)"));
    }
}
