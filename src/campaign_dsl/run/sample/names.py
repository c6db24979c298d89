"""Names that fit countries, for the sample world. Any likeness to living people is an accident of drawing.

A pool holds first and last names of one naming culture. An entry is a name, or ``name=handle`` where the letters of an
address cannot be derived from the name by dropping accents (``陽葵=himari``).
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

POOLS: dict[str, tuple[str, str]] = {
    "english": (
        """James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth, William, Barbara, Richard,
        Susan, Joseph, Jessica, Thomas, Sarah, Christopher, Karen, Charles, Lisa, Daniel, Nancy, Matthew, Sandra,
        Anthony, Ashley, Mark, Emily, Steven, Kimberly, Andrew, Margaret, Paul, Donna, Joshua, Michelle, Kenneth, Carol,
        Kevin, Amanda, Brian, Melissa, Tyler, Olivia, Ethan, Emma, Noah, Ava, Liam, Sophia, Mason, Chloe, Jo-Anne,
        Tamika, DeShawn, Mary Ann, Keisha, Logan""",
        """Smith, Johnson, Williams, Brown, Jones, Davis, Miller, Wilson, Moore, Taylor, Anderson, Thomas, Jackson,
        White, Harris, Martin, Thompson, Robinson, Clark, Lewis, Lee, Walker, Hall, Allen, Young, King, Wright, Scott,
        Green, Baker, Adams, Nelson, Carter, Mitchell, Roberts, Turner, Phillips, Campbell, Parker, Evans, Edwards,
        Collins, Stewart, Morris, Rogers, Reed, Cook, Morgan, Bell, Murphy, Washington, Jefferson, O'Brien, O'Connor,
        Smith-Jones, St. James, McDonald, Fitzgerald, Bennett, Hughes""",
    ),
    "irish": (
        "Aoife, Seán, Ciarán, Niamh, Oisín, Siobhán, Róisín, Cormac, Eoin, Gráinne, Sinéad, Pádraig, Orla, Declan",
        "O'Sullivan, O'Brien, Ó Dónaill, Ní Mhurchú, Byrne, Kelly, Ryan, D'Arcy, Gallagher, Doyle, O'Neill, Walsh",
    ),
    "hispanic": (
        """José, María, Luis, Sofía, Carlos, Valentina, Juan, Camila, Miguel, Lucía, Ángel, Ximena, Jesús, Íñigo,
        Begoña, Joaquín, Martín, Renata, Andrés, Paula, Raúl, Mónica, Iván, Belén""",
        """García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, Ramírez, Torres, Flores, Rivera,
        Gómez, Díaz, Cruz, Morales, Ortiz, Núñez, Peña, Muñoz, Ibáñez, Vásquez, de la Cruz, Zúñiga""",
    ),
    "portuguese": (
        "João, Maria, Antônio, Ana, Francisco, Beatriz, Luís, Inês, Gonçalo, Conceição, Thaís, Caio, Lívia, Otávio",
        "Silva, Santos, Oliveira, Souza, Lima, Araújo, Gonçalves, Magalhães, Conceição, d'Ávila, Simões, Brandão",
    ),
    "french": (
        """Noël, Zoé, Léa, François, Hélène, Mathéo, Chloé, Anaïs, Loïc, Benoît, Maëlys, Jérôme, Camille, Élodie,
        Jean-Luc, Inès, Gaël, Océane""",
        """Lefèvre, Dubois, Bélanger, Côté, Gagné, D'Amours, L'Heureux, Moreau, Girard, Hébert, Bouchard, Fournier,
        Le Gall, Rousseau, Benoît, Tremblay, Mercier, Æbischer=aebischer""",
    ),
    "german": (
        "Jürgen, Anna, Lukas, Mia, Björn, Käthe, Jörg, Greta, Felix, Hannah, Götz, Marlene, Niklas, Änne, Uwe, Heike",
        "Müller, Schmidt, Schneider, Weiß, Groß, Jäger, Köhler, Böhm, Schäfer, Wagner, von Bülow, Krüger, Vogt, Fuß",
    ),
    "italian": (
        "Giulia, Marco, Francesca, Nicolò, Chiara, Alessandro, Mattia, Sofia, Niccolò, Beatrice, Andrea, Noè",
        "Rossi, Russo, Ferrari, D'Angelo, Dell'Acqua, Esposito, Bianchi, Colombo, De Luca, Sanfilippo, Forlì, Nicolò",
    ),
    "polish": (
        "Łukasz, Zofia, Michał, Małgorzata, Paweł, Agnieszka, Stanisław, Żaneta, Wojciech, Jadwiga, Rafał, Święta",
        "Wójcik, Kowalczyk, Woźniak, Dąbrowski, Kozłowski, Jabłoński, Krawczyk, Zając, Król, Świątek, Żak, Ćwikła",
    ),
    "nordic": (
        "Søren, Åsa, Björn, Freja, Håkon, Sigríður, Jørgen, Ingrid, Þór, Elin, Øystein, Maja, Väinö, Aino, Þóra, Lars",
        """Ångström, Sørensen, Øverland, Håkansson, Lindström, Jensen, Guðmundsdóttir, Virtanen, Åkesson, Bjørnstad,
        Mäkelä, Dahl, Nyström, Þorsteinsson""",
    ),
    "greek": (
        "Γιώργος=giorgos, Μαρία=maria, Ελένη=eleni, Νίκος=nikos, Κατερίνα=katerina, Δημήτρης=dimitris",
        "Παπαδόπουλος=papadopoulos, Οικονόμου=oikonomou, Γεωργίου=georgiou, Βλάχος=vlachos, Νικολαΐδης=nikolaidis",
    ),
    "turkish": (
        "İbrahim, Ayşe, Çağlar, Gülşen, Ömer, Şule, Işıl, Uğur, Zeynep, Doğan",
        "Yılmaz, Şahin, Öztürk, Çelik, Doğan, Aydın, Güneş, Kılıç, Özdemir, Koç",
    ),
    "arabic": (
        "Mohammed, Fatima, Omar, Layla, Yusuf, Noor, محمد=mohammad, فاطمة=fatimah, Khalid, Aisha, Abd al-Rahman, Salma",
        "Al-Farsi, Haddad, El-Sayed, Khalil, Mansour, العلي=alali, Nasser, Al Maktoum, Rahimi, Aziz, Hosseini, Karimi",
    ),
    "african": (
        "Chinedu, Ngozi, Olúwaṣeun, Adébáyọ̀, Thabo, Nomvula, Wanjiru, Kamau, Zanele, Kwame, Abeni, Sipho, Achieng, Ọlá",
        "Okafor, Adeyemi, Ọ̀ṣun, Nkosi, Dlamini, N'Diaye, Mwangi, Otieno, Mensah, van der Merwe, Botha, Eze, M'Baye",
    ),
    "indian": (
        """Aarav, Priya, Rohan, Ananya, Vikram, Deepika, Arjun, Lakshmi, Sanjay, Kavya, Harpreet, Meera, आरव=aarav,
        प्रिया=priya, Imran, Sunita""",
        """Sharma, Patel, Singh, Reddy, Iyer, Gupta, Nair, Das, Banerjee, Kaur, Khan, शर्मा=sharma, D'Souza, Joshi,
        Venkataraman, Chatterjee""",
    ),
    "nepali": (
        "Sita, Bishal, Anjali, Prakash, Sunil, Maya, Tenzing, Pasang, गीता=gita, राम=ram",
        "Gurung, Tamang, Sherpa, Thapa, Shrestha, Rai, Adhikari, थापा=thapa, Magar, Karki",
    ),
    "chinese": (
        "伟=wei, 芳=fang, 娜=na, 秀英=xiuying, 敏=min, 静=jing, 强=qiang, Wei, Mei, Jun, Xin Yi, Jia Hao, Ming, Li Na",
        "王=wang, 李=li, 张=zhang, 刘=liu, 陈=chen, 杨=yang, Chen, Lim, Tan, Wong, Ng, Lü, Ho, Chua",
    ),
    "japanese": (
        """陽葵=himari, 蓮=ren, 結衣=yui, 大翔=hiroto, さくら=sakura, ハナ=hana, 健太=kenta, 美咲=misaki, Yūki, Ryō,
        葵=aoi, 翔=sho""",
        """佐藤=sato, 鈴木=suzuki, 高橋=takahashi, 田中=tanaka, 渡辺=watanabe, 伊藤=ito, 山本=yamamoto, Ōno,
        小林=kobayashi, 髙木=takagi""",
    ),
    "korean": (
        "서연=seoyeon, 민준=minjun, 지우=jiwoo, 하은=haeun, 도윤=doyun, Ji-woo, Min-ji, Seo-jun, 수빈=subin, Hye-jin",
        "김=kim, 이=lee, 박=park, 최=choi, 정=jung, Kim, Park, Choi, 강=kang, Yoon",
    ),
    "southeast_asian": (
        "Nguyệt, Đức, Budi, Siti, Jose Mari, Maria Clara, Putri, Agus, Nurul, Thảo, Dũng, Somchai, Malee, Liza",
        "Nguyễn, Trần, Phạm, Đặng, Wijaya, Santoso, dela Cruz, Reyes, Bautista, Hartono, Lê, Saetang, Võ, Macaraeg",
    ),
    "polynesian": (
        "Tāne, Aroha, Kaia, Hēmi, Mere, Sione, Leilani, Kaʻiulani, Tevita, Moana, Wiremu, Ngaio, Ioane, Teuila",
        """Tāmihana, Ngata, Tuʻipulotu, Kahananui, Paʻakaula, Faʻasavalu, Parata, Tekanene, Henare, Tanielu, Walker,
        Ioteba""",
    ),
}

_NO_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
"""Latin letters that Unicode does not take apart into a plain letter and an accent."""


class Name(NamedTuple):
    """One name of a pool."""

    text: str
    handle: str
    """The name in the letters of an e-mail address: ``Siobhán`` is ``siobhan``."""


def names(listing: str) -> list[Name]:
    """The names in ``listing``, an entry of :data:`POOLS`, in order."""
    result = []
    for entry in listing.split(","):
        text, _, handle = " ".join(entry.split()).partition("=")
        result.append(Name(text, handle or _handle(text)))
    return result


def _handle(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().translate(_NO_DECOMPOSITION))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())
