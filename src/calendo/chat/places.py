"""
How people say where a meeting takes place, in the languages the assistant reads.
"""

#: Words and the ``location_type`` they speak of; they are compared without case and accents.
PLACES = {
    word: kind
    for kind, words in {
        "phone": """phone|telephone|by phone|call me|ring me|telefon|telefonisch|telefonat|anrufen|anruf|
            telephone|telephonique|appel|telefono|telefonica|llamada|telefone|ligacao|telefonata|
            telefonisch|bellen|電話|电话|通话""",
        "zoom": "zoom|ズーム",
        "google_meet": "google meet|gmeet|meet link|グーグルミート|谷歌会议",
        "custom": """in person|face to face|on site|onsite|at your office|personlich|vor ort|im buro|
            en personne|sur place|au bureau|en persona|presencial|en la oficina|pessoalmente|no escritorio|
            di persona|in presenza|in ufficio|persoonlijk|op kantoor|fysiek|対面|直接会|当面|面谈|线下""",
    }.items()
    for word in "".join(words.split("\n")).replace("  ", "").split("|")
    if word
}
